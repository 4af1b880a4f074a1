import type { EventFrame, GatewayClient } from "openclaw/plugin-sdk";

/** The second answer of `agent`. */
export interface Final {
  readonly runId: string;
  readonly status: string;
  readonly summary: string;
  readonly error?: { code: string; message: string; details?: Record<string, unknown>; retryable?: boolean };
  readonly result: {
    payloads: { text: string; mediaUrl: string | null }[];
    meta: Record<string, unknown>;
    stats: Record<string, number>;
  };
}

export interface AgentEvent {
  readonly runId: string;
  readonly stream: string;
  readonly seq: number;
  readonly data: Readonly<Record<string, unknown>>;
}

let keys = 0;

/** One whole turn in the main session, or where `params` say. */
export function ask(client: GatewayClient, message: string, params: object = {}): Promise<Final> {
  const idempotencyKey = `ask-${++keys}`;
  return client.request<Final>(
    "agent",
    { message, sessionKey: "main", idempotencyKey, ...params },
    { onAccepted: () => undefined, timeoutMs: 20_000 },
  );
}

/** Payloads of one event from now on. */
export function record<T>(client: GatewayClient, name: string): T[] {
  const seen: T[] = [];
  client.on("event", ({ event, payload }: EventFrame) => void (event === name && seen.push(payload as T)));
  return seen;
}

/** The phases of a run's life, in order. */
export function phases(events: readonly AgentEvent[], runId?: string): unknown[] {
  return events
    .filter((event) => event.stream === "lifecycle" && (runId === undefined || event.runId === runId))
    .map(({ data }) => data["phase"]);
}
