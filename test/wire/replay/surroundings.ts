import { realpathSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { mock } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../../fakes/openai-server.ts";
import { TestNode } from "../../nodes/node-client.ts";
import { capturesExist } from "./capture.ts";
import { asRecorded } from "./model.ts";
import type { Around } from "./replay.ts";

/** Why nothing can be replayed, or `false`. */
export const skip = !capturesExist() && "the captures do not lie beside the repository";

export const RUN_EVENTS: ReadonlySet<string> = new Set(["agent", "chat"]);
export const TICKS: ReadonlySet<string> = new Set(["tick"]);

/** The model of the captures had a price. */
const FREE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** A gateway whose model answers as the one of the captures did. */
export async function startGatewayWithModel(wordMs?: number, more: object = {}): Promise<TestGateway> {
  const model = await startFakeOpenAi();
  model.otherwise = (reply, request) => asRecorded(reply, request, wordMs);
  const gateway = await startTestGateway({ config: { ...modelConfig(model, { cost: FREE }), ...more } });
  const stop = gateway[Symbol.asyncDispose].bind(gateway);
  return Object.assign(gateway, {
    async [Symbol.asyncDispose]() {
      await stop();
      await model[Symbol.asyncDispose]();
    },
  });
}

/** Reports of health are spaced by time, which nobody waits for here. */
export function hurried(timers: typeof mock.timers, awaiting?: (event: string, name: string) => void): Partial<Around> {
  timers.enable({ apis: ["setTimeout"] });
  return {
    awaiting(event, name) {
      if (event === "health") timers.tick(1_000);
      awaiting?.(event, name);
    },
  };
}

/** Nothing listens there: as on those days, the network cannot be reached. */
const apiRoot = "http://127.0.0.1:1";
export const UNREACHED_TELEGRAM = { botToken: `123456:${"a".repeat(35)}`, apiRoot };
export const UNREACHED_DISCORD = { token: `${"a".repeat(24)}.${"b".repeat(6)}.${"c".repeat(38)}`, apiRoot };

export const UNREACHED_SLACK = { botToken: "xoxb-1-aaaaaaaaaaaa", appToken: "xapp-1-A1-1-aaaaaaaaaaaa", apiRoot };

/** Sessions that had been used when the captures were made. */
export async function usedBefore(gateway: TestGateway): Promise<void> {
  const client = await gateway.client();
  for (const [sessionKey, idempotencyKey] of [
    ["main", "before-1"],
    ["main", "before-2"],
  ]) {
    await client.request(
      "agent",
      { message: "USE_TOOL before", sessionKey, idempotencyKey },
      { onAccepted: () => undefined },
    );
  }
}

/** The node host of that day. */
export function recordedNode(gateway: TestGateway): Promise<TestNode> {
  return TestNode.connect(gateway, {
    commands: ["system.run", "system.which", "system.execApprovals.get", "system.execApprovals.set"],
    answers: {
      "system.execApprovals.get": {
        path: "/node/exec-approvals.json",
        exists: true,
        hash: "h",
        file: { version: 1, socket: { path: "/node/exec-approvals.sock" }, defaults: {}, agents: {} },
      },
      "system.which": { bins: { sh: "/usr/bin/sh", node: "/usr/bin/node" } },
      "system.run": { exitCode: 0, timedOut: false, success: true, stdout: "hi-node\n", stderr: "", error: null },
    },
  });
}

/** The product's own socket for approvals had been made, and the one command of the recorded model runs unasked. */
export async function withApprovals({ stateDir }: TestGateway): Promise<void> {
  const socket = { path: join(stateDir, "exec-approvals.sock"), token: "s" };
  const agents = { main: { allowlist: [{ id: "e", pattern: realpathSync("/bin/echo") }] } };
  await writeFile(join(stateDir, "exec-approvals.json"), JSON.stringify({ version: 1, socket, defaults: {}, agents }));
}
