import type { ChannelAccount, Logger, Probe } from "openclaw/plugin-sdk";
import { Api } from "./api.ts";
import type { Answer } from "./api.ts";
import { apiRootOf, tokenOf, unconfigured } from "./account.ts";
import { failureOf } from "./failure.ts";
import { loadLibrary } from "./library.ts";
import type { Session } from "./session.ts";

/** Asks Slack who the bot is; over the account's own client when there is one. */
export async function probe(
  account: ChannelAccount,
  session: Session | undefined,
  log: Logger,
  signal: AbortSignal,
): Promise<Probe> {
  const missing = unconfigured(account);
  const token = tokenOf(account, "botToken");
  if (missing !== undefined || !token) return { ok: false, error: missing ?? "no bot token" };
  const began = performance.now();
  const elapsed = () => ({ elapsedMs: Math.round(performance.now() - began) });
  try {
    const api =
      session?.api ?? new Api({ library: await loadLibrary(), apiRoot: apiRootOf(account), log, signal }, token.text);
    const { bot, team, scopes } = identityIn(await api.call("auth.test", {}, { signal }));
    return { ok: true, status: 200, ...elapsed(), bot, team, scopes };
  } catch (error) {
    const failure = failureOf(error);
    const status = failure.kind === "server" ? failure.status : failure.kind === "throttled" ? 429 : null;
    return { ok: false, status, error: failure.text, ...elapsed() };
  }
}

/** What `auth.test` tells of the bot. */
export function identityIn(answer: Answer) {
  const text = (field: string) => (typeof answer[field] === "string" ? (answer[field] as string) : "");
  const { scopes = [] } = (answer["response_metadata"] ?? {}) as { readonly scopes?: readonly string[] };
  return {
    userId: text("user_id"),
    botId: text("bot_id"),
    bot: { id: text("user_id"), name: text("user") },
    team: { id: text("team_id"), name: text("team") },
    scopes,
  };
}
