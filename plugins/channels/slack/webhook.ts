import { createHmac } from "node:crypto";
import { errorText, secretEquals } from "openclaw/plugin-sdk";
import type { HttpExchange, Logger } from "openclaw/plugin-sdk";

export const MAX_BODY_BYTES = 1_048_576;
/** A request that is older, or from a future so far away, is somebody's copy. */
const WINDOW_S = 300;
/** What Slack is told when a message cannot be kept: it sends it again by its own plan. */
const LATER = { "retry-after": "5" };

export interface HttpReceiver {
  readonly accountId: string;
  readonly signingSecret: string;
  readonly take: (body: unknown) => Promise<void>;
}

/** Accounts to which Slack posts what happens, each on a path of its own. */
export class Webhooks {
  readonly #receivers = new Map<string, HttpReceiver>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The account that a path belongs to. */
  holder(path: string): string | undefined {
    return this.#receivers.get(path)?.accountId;
  }

  /** Returns the undo. */
  add(path: string, receiver: HttpReceiver): () => void {
    this.#receivers.set(path, receiver);
    return () => {
      if (this.#receivers.get(path) === receiver) this.#receivers.delete(path);
    };
  }

  /** A request on the gateway's own port; its method and size have been checked. 200 only once it is durable. */
  async handle({ request, url, body, reply }: HttpExchange): Promise<void> {
    const receiver = this.#receivers.get(url.pathname);
    if (!receiver) return reply(404);
    const { headers } = request;
    const [signature, sentAt] = [headers["x-slack-signature"], headers["x-slack-request-timestamp"]];
    // Before a byte of the body is read.
    if (typeof signature !== "string" || typeof sentAt !== "string" || !isRecent(sentAt)) return reply(401);
    const raw = await body();
    if (!secretEquals(signature, signatureOf(raw, sentAt, receiver.signingSecret))) return reply(401);
    const parsed = bodyOf(raw, headers["content-type"] ?? "");
    if (!parsed) return reply(400, "not an event");
    if (parsed["ssl_check"] === "1") return reply(200);
    if (parsed["type"] === "url_verification") return reply(200, { challenge: parsed["challenge"] });
    try {
      await receiver.take(parsed);
      reply(200);
    } catch (error) {
      this.#log.warn(`slack: an event could not be kept; Slack sends it again: ${errorText(error)}`);
      reply(503, "", LATER);
    }
  }
}

/** Over the bytes as they came: another text that means the same has another signature. */
export function signatureOf(raw: Buffer, sentAt: string, secret: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${sentAt}:`).update(raw).digest("hex")}`;
}

function isRecent(sentAt: string): boolean {
  return /^\d{1,12}$/.test(sentAt) && Math.abs(Date.now() / 1_000 - Number(sentAt)) <= WINDOW_S;
}

/** Events come as JSON, slash commands as a form, presses of buttons as JSON in a form. */
function bodyOf(raw: Buffer, type: string): Readonly<Record<string, unknown>> | undefined {
  const text = raw.toString("utf8");
  if (!type.startsWith("application/x-www-form-urlencoded")) return objectIn(text);
  const form = new URLSearchParams(text);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : objectIn(payload);
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // Said to the caller with the status.
    return undefined;
  }
}
