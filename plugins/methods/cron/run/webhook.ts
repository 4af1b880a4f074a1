import { createHmac } from "node:crypto";
import { GatewayError } from "openclaw/plugin-sdk";
import { guardedFetch } from "openclaw/plugin-sdk/net";
import type { GuardedFetchOptions } from "openclaw/plugin-sdk/net";
import type { Job, Payload } from "../job/job.ts";
import { failed, summaryOf } from "./outcome.ts";
import type { Outcome, RunContext } from "./outcome.ts";
import type { RunParts } from "./parts.ts";

export type Webhook = Extract<Payload, { kind: "webhook" }>;

const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 64 * 1024;
const TOLD = 500;
const WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Asks an address, which is a public one unless the operator says otherwise (security.md S-29). */
export async function runWebhook(job: Job, hook: Webhook, run: RunContext, { gateway }: RunParts): Promise<Outcome> {
  const { url, method = "POST", headers = {}, timeoutMs = TIMEOUT_MS, secret } = hook;
  const body = WITHOUT_BODY.has(method) ? undefined : bodyOf(job, hook, run);
  const isPrivateAllowed = gateway.settings.get<boolean>("cron.webhook.allowPrivate") === true;
  const options: GuardedFetchOptions = {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      "user-agent": `openclaw/${gateway.version}`,
      ...lowerCased(headers),
      ...(secret !== undefined && { "x-openclaw-signature": signatureOf(body ?? "", secret) }),
    },
    ...(body !== undefined && { body }),
    timeoutMs,
    maxBytes: MAX_ANSWER,
    signal: run.signal,
    ...(isPrivateAllowed && { allowHosts: [new URL(url).host] }),
  };
  try {
    const answer = await guardedFetch(url, options);
    const text = answer.body.toString("utf8").trim();
    if (answer.status >= 200 && answer.status < 300)
      return { status: "ok", ...summaryOf(`${answer.status} ${text.slice(0, TOLD)}`) };
    return failed(`the webhook answered ${answer.status}: ${text.slice(0, TOLD)}`);
  } catch (error) {
    if (error instanceof GatewayError) return failed(error.message);
    throw error;
  }
}

/** `sha256=<hex>` of the bytes that are sent. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function bodyOf({ id, name }: Job, { body }: Webhook, { runAtMs }: RunContext): string {
  return JSON.stringify(body ?? { jobId: id, name, runAtMs });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
