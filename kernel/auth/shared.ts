import { secretEquals } from "openclaw/plugin-sdk";
export type AuthMode = "token" | "password" | "none";

/** The secret of the gateway as it runs. */
export interface SharedAuth {
  readonly mode: AuthMode;
  readonly token: string | undefined;
  readonly password: string | undefined;
}

export type SharedFailure = "missing" | "mismatch" | "not_configured";

/**
 * Is the presented credential the gateway's? Only the configured kind counts (protocol.md §3.4). `waitMs` is
 * what the throttle says of the address: a password can be guessed, so it is not even looked at while the
 * address has to wait. A token cannot, and refusing the right one would let any local process lock the owner out.
 */
export function checkShared(
  auth: SharedAuth,
  given: { token?: string; password?: string },
  waitMs: number,
): true | SharedFailure {
  if (auth.mode === "none") return true;
  if (auth.mode === "password" && waitMs > 0) return "mismatch";
  const presented = given[auth.mode];
  const expected = auth[auth.mode];
  if (!expected) return "not_configured";
  if (!presented) return "missing";
  return secretEquals(presented, expected) || "mismatch";
}

/** Whether both secrets count or one, the text would open the gateway, or will after a change of the mode. */
export function isOwnSecret({ token, password }: SharedAuth, text: string): boolean {
  return [token, password].some((secret) => secret !== undefined && secretEquals(text, secret));
}

const CONFIGURE = { token: "set gateway.auth.token", password: "set gateway.auth.password" } as const;

/** The established sentence for a failed login, with a hint for the kind of client (protocol.md §3.4). */
export function unauthorizedText(
  mode: "token" | "password",
  failure: SharedFailure,
  client: { id: string; mode: string },
): string {
  if (failure === "not_configured") {
    return `unauthorized: gateway ${mode} not configured on gateway (${CONFIGURE[mode]})`;
  }
  return `unauthorized: gateway ${mode} ${failure} (${hint(mode, client)})`;
}

function hint(mode: "token" | "password", client: { id: string; mode: string }): string {
  if (client.mode === "cli") return `set gateway.remote.${mode} to match gateway.auth.${mode}`;
  if (client.id === "openclaw-control-ui" || client.mode === "webchat") {
    return mode === "token"
      ? "open the dashboard URL and paste the token in Control UI settings"
      : "enter the password in Control UI settings";
  }
  return `provide gateway auth ${mode}`;
}
