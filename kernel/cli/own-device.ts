import { DeviceTokens, loadDeviceIdentity } from "openclaw/plugin-sdk";
import type { ClientDevice } from "openclaw/plugin-sdk";
import type { Target } from "./target.ts";

/**
 * What this machine proves itself with to `target`. A secret that is given for this call is meant to be used, so
 * then no token is kept or sent. `undefined` where the state directory cannot be used: the secret alone has to do.
 */
export function ownDevice({ id, url }: Target, stateDir: string, secretGiven: boolean): ClientDevice | undefined {
  try {
    const identity = loadDeviceIdentity(stateDir);
    if (secretGiven) return { identity };
    return { identity, tokens: new DeviceTokens(stateDir, identity.deviceId, id === "local" ? undefined : place(url)) };
  } catch {
    // Read-only, full or somebody else's: commands that only read must work there too.
    return undefined;
  }
}

/** Tokens are kept by the address they came from, without what may follow it. */
function place(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
