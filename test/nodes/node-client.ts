import type { TestGateway } from "openclaw/plugin-sdk/testing";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { createDeviceKey, withDevice } from "../wire/device-key.ts";
import type { DeviceKey } from "../wire/device-key.ts";
import { connectParams, RawClient } from "../wire/raw-client.ts";
import type { Frame } from "../wire/raw-client.ts";

export interface NodeOptions {
  readonly key?: DeviceKey;
  readonly client?: Partial<ConnectParams["client"]>;
  readonly caps?: readonly string[];
  readonly commands?: readonly string[];
  readonly permissions?: Readonly<Record<string, boolean>>;
  /** What it answers by itself, by command. */
  readonly answers?: Readonly<Record<string, object>>;
}

/** A node that is logged in, frame by frame. Answers only what it was told to. */
export class TestNode implements AsyncDisposable {
  readonly raw: RawClient;
  readonly nodeId: string;

  private constructor(raw: RawClient, nodeId: string) {
    this.raw = raw;
    this.nodeId = nodeId;
  }

  static async connect(gateway: Pick<TestGateway, "url" | "token">, options: NodeOptions = {}): Promise<TestNode> {
    const { key = createDeviceKey(), client, caps = ["system"], commands = ["system.run", "system.which"] } = options;
    const raw = await RawClient.open(gateway.url);
    const { payload } = await raw.challenge();
    const params = connectParams(gateway.token, {
      role: "node",
      scopes: [],
      client: { id: "node-host", mode: "node", version: "1", platform: "linux", displayName: "Shed", ...client },
      caps: [...caps],
      commands: [...commands],
      pathEnv: "/usr/bin:/bin",
      ...(options.permissions && { permissions: { ...options.permissions } }),
    });
    const answer = await raw.connect(withDevice(params, key, { nonce: String(payload?.["nonce"]) }));
    if (!answer.ok) throw new Error(`node was refused: ${answer.error?.message}`);
    const node = new TestNode(raw, key.id);
    if (options.answers) node.#answerWith(options.answers);
    return node;
  }

  /** The next thing it is asked to do. */
  async asked(patienceMs?: number): Promise<Record<string, unknown>> {
    return (await this.raw.event("node.invoke.request", patienceMs)).payload ?? {};
  }

  answer(id: unknown, result: object): Promise<Frame> {
    return this.raw.request("node.invoke.result", { id, nodeId: this.nodeId, ...result });
  }

  #answerWith(answers: Readonly<Record<string, object>>): void {
    this.raw.socket.on("message", (data) => {
      const { event, payload } = JSON.parse(String(data)) as Frame;
      const answer = event === "node.invoke.request" ? answers[String(payload?.["command"])] : undefined;
      if (answer) void this.answer(payload?.["id"], { ok: true, payloadJSON: JSON.stringify(answer) });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.raw[Symbol.asyncDispose]();
  }
}
