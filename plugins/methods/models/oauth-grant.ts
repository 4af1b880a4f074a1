import { errorText } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";
import type { OAuthClient } from "./setting.ts";

export const REQUEST_MS = 30_000;
const MAX_BYTES = 65_536;
/** Without a word of the server, as the standard recommends to say. */
const LIFE_SECONDS = 3_600;

export type RefusalReason = "auth" | "network" | "server" | "rate_limit";

/** What a token server gave. */
export interface Granted {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** The token server gave nothing, and why. What it said beside its error code is never part of it. */
export class GrantRefused extends Error {
  readonly reason: RefusalReason;

  constructor(message: string, reason: RefusalReason, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** One request to the token server of a provider (RFC 6749). Throws {@link GrantRefused}. */
export async function grant(
  provider: string,
  { tokenUrl, clientId, clientSecret }: OAuthClient,
  words: Readonly<Record<string, string>>,
): Promise<Granted> {
  const problem = endpointProblem(`models.providers.${provider}.oauth.tokenUrl`, tokenUrl);
  if (problem !== undefined) throw new GrantRefused(problem, "auth");
  const secret = clientSecret === undefined ? {} : { client_secret: clientSecret };
  const body = new URLSearchParams({ ...words, client_id: clientId, ...secret });
  const { status, text } = await post(tokenUrl, body);
  const answer = parsed(text);
  const { access_token: access, refresh_token: refresh, expires_in: seconds, error } = answer;
  if (status >= 200 && status < 300 && typeof access === "string" && access !== "") {
    const life = typeof seconds === "number" && seconds > 0 ? seconds : LIFE_SECONDS;
    return {
      access,
      refresh: typeof refresh === "string" && refresh !== "" ? refresh : undefined,
      expires: Date.now() + life * 1_000,
    };
  }
  if (status === 429) throw new GrantRefused("the token server is asked too often", "rate_limit");
  if (status >= 500) throw new GrantRefused(`the token server answers ${status}`, "server");
  const code = typeof error === "string" && /^[\w.-]{1,64}$/.test(error) ? error : status;
  throw new GrantRefused(`the token server refuses it (${code})`, "auth");
}

async function post(url: string, body: URLSearchParams): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
      body,
      // It carries what lets somebody in: to the address that is configured, and nowhere else.
      redirect: "error",
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    return { status: response.status, text: (await response.text()).slice(0, MAX_BYTES) };
  } catch (cause) {
    throw new GrantRefused(`the token server cannot be reached: ${errorText(cause)}`, "network", cause);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A page, or nothing: the status says what there is to say.
    return {};
  }
}
