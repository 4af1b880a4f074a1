import { setTimeout as delay } from "node:timers/promises";
import { ConnectionError } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";

const BASE_MS = 500;
const CAP_MS = 30_000;
/** Somebody is about to approve: they should not wait for us. */
const PAIRING_MS = 1_000;
/** A connection that lasted so long was none of a series of failures. */
const STABLE_AFTER_MS = 10_000;

/** What the owner of this machine is told about the connection. */
export type LinkNews =
  | { readonly state: "connected" }
  | { readonly state: "disconnected"; readonly reason: string }
  | { readonly state: "pairing"; readonly requestId: string | undefined }
  | { readonly state: "refused"; readonly reason: string }
  | { readonly state: "unreachable"; readonly reason: string };

export interface LinkParts {
  /** A client that has not connected yet, with everything it listens to. */
  readonly client: () => GatewayClient;
  readonly signal: AbortSignal;
  readonly tell: (news: LinkNews) => void;
}

/**
 * Be connected until the signal aborts: come back after a loss, wait for an approval, and knock ever more rarely where
 * nobody opens. The same news is told once.
 */
export async function stayConnected({ client: create, signal, tell }: LinkParts): Promise<void> {
  let attempts = 0;
  let last = "";
  const say = (news: LinkNews) => {
    const text = JSON.stringify(news);
    if (text !== last) tell(news);
    last = text;
  };
  while (!signal.aborted) {
    const client = create();
    const openedAt = performance.now();
    let waitMs: number;
    try {
      const lost = new Promise<{ code: number; reason: string }>((resolve) => client.once("disconnected", resolve));
      await client.connect();
      say({ state: "connected" });
      const end = await Promise.race([lost, aborted(signal)]);
      if (end === "aborted") return await client.close();
      if (performance.now() - openedAt > STABLE_AFTER_MS) attempts = 0;
      say({ state: "disconnected", reason: end.reason || `closed with ${end.code}` });
      waitMs = pause(attempts++);
    } catch (error) {
      const { news, leastMs } = judge(error);
      say(news);
      waitMs = leastMs + pause(attempts);
      // Waiting for an approval is no failure: what is lost later comes back as fast as ever.
      if (news.state !== "pairing") attempts++;
    } finally {
      await client.close();
    }
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Full jitter: many nodes that lost one gateway do not come back in step. */
function pause(attempts: number): number {
  return Math.random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempts, 16));
}

function judge(error: unknown): { news: LinkNews; leastMs: number } {
  const refusal = error instanceof ConnectionError ? error.error : undefined;
  const leastMs = refusal?.retryAfterMs ?? 0;
  const reason = error instanceof Error ? error.message : String(error);
  if (refusal?.code === "NOT_PAIRED") {
    const { requestId } = (refusal.details ?? {}) as { requestId?: string };
    return { news: { state: "pairing", requestId }, leastMs: Math.max(leastMs, PAIRING_MS) };
  }
  if (refusal) return { news: { state: "refused", reason }, leastMs };
  return { news: { state: "unreachable", reason }, leastMs };
}

function aborted(signal: AbortSignal): Promise<"aborted"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("aborted");
    else signal.addEventListener("abort", () => resolve("aborted"), { once: true });
  });
}
