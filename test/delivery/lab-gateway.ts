import { join } from "node:path";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

export interface Sent {
  readonly id: string;
  readonly accountId: string;
  readonly to: string;
  readonly threadId?: string;
  readonly payload: { readonly text: string; readonly mediaUrl?: string; readonly poll?: object };
  readonly outcome: string;
  readonly media?: readonly {
    readonly path: string;
    readonly contentType: string;
    readonly fileName: string;
    readonly size: number;
    readonly kind: string;
    /** Its bytes. */
    readonly text: string;
  }[];
}

export interface Said {
  readonly text: string;
  readonly from?: string;
  readonly id?: string;
  readonly [field: string]: unknown;
}

export const LAB_PLUGIN: object = {
  load: { paths: [join(import.meta.dirname, "lab")] },
  entries: { lab: { enabled: true } },
};

export function labConfig(lab: object, rest: object = {}): object {
  const { messages = {}, channels = {}, plugins = LAB_PLUGIN } = rest as Readonly<Record<string, object>>;
  // Each message has a turn of its own, unless a test is about something else.
  const queue = { queue: { mode: "followup" }, ...messages };
  return { ...rest, messages: queue, channels: { ...channels, lab }, plugins };
}

/** A gateway with the scripted network, and what a test does with it. */
export interface Lab extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  /** Somebody writes. Resolves when the message is durable. */
  says(said: Said): Promise<{ readonly duplicate: boolean }>;
  /** Many write at the same moment. */
  allSay(said: readonly Said[]): Promise<void>;
  script(...steps: object[]): Promise<void>;
  sent(): Promise<Sent[]>;
  /** Waits until so many sends were made. */
  sends(count: number, withinMs?: number): Promise<Sent[]>;
  trace(id: string): Promise<Trace>;
  /** Waits until the message has come to this end. */
  ended(id: string, state: string): Promise<Trace>;
}

export interface Trace {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly explanation: string;
  readonly sessionKey: string;
  readonly timeline: readonly { readonly event: string; readonly note?: string }[];
  readonly deliveries: readonly { readonly id: string; readonly state: string; readonly attempts: number }[];
}

/** Other tests run on the same machine. */
const WITHIN_MS = 20_000;

let count = 0;

export async function startLab(lab: object, rest: object = {}, home?: string): Promise<Lab> {
  const gateway = await startTestGateway({ config: labConfig(lab, rest), ...(home !== undefined && { home }) });
  const client = await gateway.client();
  const sent = async () => (await client.request<{ sent: Sent[] }>("lab.sent", {})).sent;
  const trace = (id: string) => client.request<Trace>("trace.get", { id });
  return {
    gateway,
    client,
    says: (said) => client.request("lab.receive", envelopeOf(said)),
    allSay: async (all) => void (await client.request("lab.receive-all", { envelopes: all.map(envelopeOf) })),
    script: async (...steps) => void (await client.request("lab.script", { steps })),
    sent,
    sends: (wanted, withinMs = WITHIN_MS) =>
      eventually(
        `${wanted} sends`,
        async () => {
          const { count: made } = await client.request<{ count: number }>("lab.sent", { countOnly: true });
          return made >= wanted && sent();
        },
        withinMs,
      ),
    trace,
    ended: (id, state) =>
      eventually(
        `${id} is ${state}`,
        async () => {
          const one = await trace(id);
          return one.state === state && one;
        },
        WITHIN_MS,
      ),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

function envelopeOf({ text, from = "ann", id = `m${++count}`, ...more }: Said): object {
  return { messageId: id, text, sender: { id: from, name: from }, chatType: "direct", chatId: from, ...more };
}
