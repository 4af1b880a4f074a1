import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { GatewayError } from "../error.ts";
import { forbiddenAddress } from "./address.ts";

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. */
export type LookupAll = (hostname: string) => Promise<readonly Address[]>;

/** The words that established clients look for. */
export const BLOCKED = "Blocked: private/internal IP address";

/**
 * The addresses of the host of a URL, each of them checked unless an operator has allowed the host. Who connects to just
 * these cannot be told something else by a name server later. One bad address spoils the answer.
 */
export async function resolveHost(hostname: string, isAllowed: boolean, ask: LookupAll): Promise<readonly Address[]> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const addresses = family === 0 ? await ask(host).catch(() => []) : [{ address: host, family }];
  if (addresses.length === 0) throw new GatewayError("UNAVAILABLE", `the name ${host} is not known`);
  if (!isAllowed && addresses.some(({ address }) => forbiddenAddress(address)))
    throw new GatewayError("INVALID_REQUEST", BLOCKED);
  return addresses;
}

export function systemLookup(hostname: string): Promise<Address[]> {
  return lookup(hostname, { all: true, verbatim: true });
}
