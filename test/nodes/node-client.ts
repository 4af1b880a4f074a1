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
}

/** A node that is logged in, frame by frame. Answers nothing by itself. */
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
      ...(options.permissions && { permissions: { ...options.permissions } }),
    });
    const answer = await raw.connect(withDevice(params, key, { nonce: String(payload?.["nonce"]) }));
    if (!answer.ok) throw new Error(`node was refused: ${answer.error?.message}`);
    return new TestNode(raw, key.id);
  }

  /** The next thing it is asked to do. */
  async asked(patienceMs?: number): Promise<Record<string, unknown>> {
    return (await this.raw.event("node.invoke.request", patienceMs)).payload ?? {};
  }

  answer(id: unknown, result: object): Promise<Frame> {
    return this.raw.request("node.invoke.result", { id, nodeId: this.nodeId, ...result });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.raw[Symbol.asyncDispose]();
  }
}
