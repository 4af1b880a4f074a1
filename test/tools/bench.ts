import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContentBlock, GatewayClient } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

/** What became of one tool call, as the transcript has it. */
export interface Used {
  readonly text: string;
  readonly isError: boolean;
  readonly content: readonly ContentBlock[];
  readonly details: Record<string, unknown> | undefined;
}

/** A real gateway whose agent makes the tool calls that a test says, one turn each. */
export interface ToolBench extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  readonly model: FakeOpenAi;
  readonly workspace: string;
  /** Have the model call a tool in a turn of its own. */
  use(name: string, args?: object, options?: { readonly sessionKey?: string }): Promise<Used>;
  /** Names of the tools that the model was offered last. */
  offered(): string[];
  /** Say something, and get the answer's text. */
  say(message: string, params?: object): Promise<string>;
}

let runs = 0;

export async function startToolBench(config: object = {}): Promise<ToolBench> {
  const model = await startFakeOpenAi();
  const base = modelConfig(model);
  const { agents = {}, ...rest } = config as { agents?: { defaults?: object } };
  // Sessions that go on talking would take what the model is told to say.
  const session = { agentToAgent: { maxPingPongTurns: 0 } };
  const whole = {
    session,
    ...base,
    ...rest,
    agents: { ...agents, defaults: { ...base.agents.defaults, ...agents.defaults } },
  };
  const gateway = await startTestGateway({ config: whole });
  const workspace = join(gateway.home, "ws");
  mkdirSync(workspace);
  // Tests tell the agent's folder by itself, wherever the home is.
  const agentsWithPlace = { ...whole.agents, defaults: { ...whole.agents.defaults, workspace } };
  const client = await gateway.client();
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  await client.request("config.patch", { raw: JSON.stringify({ agents: agentsWithPlace }), baseHash: hash });

  const say = async (message: string, params: object = {}): Promise<string> => {
    const final = await client.request<{ result?: { payloads: { text: string }[] }; summary: string }>(
      "agent",
      { message, sessionKey: "main", idempotencyKey: `tool-run-${++runs}`, ...params },
      { onAccepted: () => undefined, timeoutMs: 60_000 },
    );
    return final.result?.payloads.map(({ text }) => text).join("\n") ?? final.summary;
  };

  return {
    gateway,
    client,
    model,
    workspace,
    say,
    async use(name, args = {}, { sessionKey = "main" } = {}) {
      const id = `call-${++runs}`;
      model.scripts.push((reply) => {
        reply.toolCall(id, name, JSON.stringify(args));
        reply.end("tool_calls");
      });
      const answer = await say(`use ${name}`, { sessionKey });
      return resultOf(gateway.stateDir, id) ?? fail(`the model got no result of ${name}: ${answer}`);
    },
    offered() {
      const tools = (model.requests.at(-1)?.body.tools ?? []) as { function: { name: string } }[];
      return tools.map((tool) => tool.function.name);
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

interface Line {
  readonly message?: {
    readonly role: string;
    readonly toolCallId?: string;
    readonly content: ContentBlock[];
    readonly isError?: boolean;
    readonly details?: Record<string, unknown>;
  };
}

/** The result of a call, wherever its session's transcript is. */
function resultOf(stateDir: string, id: string): Used | undefined {
  for (const file of readdirSync(join(stateDir, "agents"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".jsonl")) continue;
    for (const line of readFileSync(join(stateDir, "agents", file), "utf8").split("\n")) {
      if (!line.includes(id)) continue;
      const { message } = JSON.parse(line) as Line;
      if (message?.role !== "toolResult" || message.toolCallId !== id) continue;
      const { content, isError = false, details } = message;
      const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
      return { text, isError, content, details };
    }
  }
  return undefined;
}

function fail(text: string): never {
  throw new Error(text);
}
