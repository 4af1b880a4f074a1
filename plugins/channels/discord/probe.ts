import type { ChannelAccount, Probe } from "openclaw/plugin-sdk";
import { Api } from "./api.ts";
import { apiRootOf, tokenOf, unconfigured } from "./account.ts";
import { failureOf } from "./failure.ts";
import { grantedIntents } from "./intents.ts";
import { loadLibrary } from "./library.ts";
import type { Session } from "./session.ts";

/** Asks Discord who the bot is and what it may see; over the account's own connection when there is one. */
export async function probe(
  account: ChannelAccount,
  session: Session | undefined,
  signal: AbortSignal,
): Promise<Probe> {
  const token = tokenOf(account);
  if (!token) return { ok: false, error: unconfigured(account) ?? "no bot token" };
  const own = session ? undefined : await ownRest(account, token.text);
  const api = session?.api ?? own?.api;
  try {
    const [user, application] = await Promise.all([
      api?.object("GET", "/users/@me", { signal }),
      api?.object("GET", "/applications/@me", { signal }),
    ]);
    const flags = Number(application?.["flags"] ?? 0);
    return {
      ok: true,
      status: 200,
      bot: { id: user?.["id"], username: user?.["username"] },
      application: { id: application?.["id"], flags, intents: grantedIntents(flags) },
    };
  } catch (error) {
    const failure = failureOf(error);
    const status = failure.kind === "auth" ? 401 : "status" in failure ? failure.status : undefined;
    return { ok: false, error: failure.text, ...(status !== undefined && { status }) };
  } finally {
    own?.close();
  }
}

async function ownRest(account: ChannelAccount, token: string): Promise<{ readonly api: Api; close(): void }> {
  const { REST } = await loadLibrary();
  const rest = new REST({ api: apiRootOf(account), version: "10", retries: 0, rejectOnRateLimit: () => true });
  rest.setToken(token);
  return {
    api: new Api(rest),
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}
