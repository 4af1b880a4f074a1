import { BlockList, isIP, isIPv6 } from "node:net";
import { hostname } from "node:os";
import type { IncomingMessage } from "node:http";

/** v4-mapped addresses are v4, loopback is one address, other v6 count by their /64 (security.md S-07). */
export function canonicalAddress(address: string): string {
  const bare = address.replace(/%.*$/, "").toLowerCase();
  const mapped = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare;
  if (mapped === "::1" || mapped.startsWith("127.")) return "loopback";
  return isIPv6(mapped) ? prefix64(mapped) : mapped;
}

function prefix64(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array.from({ length: 8 - left.length - right.length }, () => "0") : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}

export function isLoopback(address: string): boolean {
  return canonicalAddress(address) === "loopback";
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
const FORWARDING =
  /^(x-forwarded|x-real-ip$|x-client-ip$|x-cluster-client-ip$|x-original-|x-envoy-|forwarded$|cf-|fly-|fastly-|tailscale-|true-client-ip$|via$)/;

/** What is known of the other end from the socket and the request's headers alone. */
export interface Peer {
  /** Of the socket, or what a trusted proxy says that it serves. */
  readonly address: string;
  /** Direct loopback socket, loopback name in `Host`, no forwarding header of any kind (S-12), trusted or not. */
  readonly isLocal: boolean;
}

/** `proxies` are addresses and ranges (`10.0.0.0/8`) whose `X-Forwarded-For` counts, and for nothing but the address. */
export function peerOf(request: IncomingMessage, proxies: readonly string[]): Peer {
  const own = request.socket.remoteAddress ?? "";
  const forwarded = Object.keys(request.headers).some((name) => FORWARDING.test(name));
  const host = splitHost(request.headers.host ?? "");
  const named = host !== undefined && (LOOPBACK_NAMES.has(host.name) || host.name.endsWith(".ts.net"));
  const address = forwarded && proxies.length > 0 ? beyond(own, request.headers["x-forwarded-for"], proxies) : own;
  return { address, isLocal: isLoopback(own) && named && !forwarded };
}

/** The right-most hop that no proxy of ours is (http.md §2.1): what stands left of it, anybody may have written. */
function beyond(own: string, header: string | string[] | undefined, proxies: readonly string[]): string {
  const trusted = listOf(proxies);
  let address = own;
  for (const hop of String(header ?? "")
    .split(",")
    .toReversed()) {
    const next = literalOf(hop.trim());
    if (next === undefined || !holds(trusted, address)) break;
    address = next;
  }
  return address;
}

function literalOf(hop: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) === 0 ? undefined : bare;
}

/** A list is made once for each value of the configuration. What is no address or range trusts nobody. */
const lists = new WeakMap<readonly string[], BlockList>();

function listOf(proxies: readonly string[]): BlockList {
  const known = lists.get(proxies) ?? new BlockList();
  if (lists.has(proxies)) return known;
  lists.set(proxies, known);
  for (const entry of proxies) {
    const [address = "", bits, ...rest] = entry.trim().split("/");
    const prefix = Number(bits);
    const most = isIPv6(address) ? 128 : 32;
    if (isIP(address) === 0 || rest.length > 0) continue;
    if (bits === undefined) known.addAddress(address, familyOf(address));
    else if (/^\d+$/.test(bits) && prefix <= most) known.addSubnet(address, prefix, familyOf(address));
  }
  return known;
}

function holds(list: BlockList, address: string): boolean {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return isIP(bare) !== 0 && list.check(bare, familyOf(bare));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

export interface HostRules {
  readonly port: number;
  /** Names the operator allows beside the loopback ones, as `name` or `name:port`. */
  readonly names: readonly string[];
  /** Tailscale serves this gateway under a name of its own. */
  readonly tailscale: boolean;
}

/**
 * Is the `Host` header one of ours? Without this check a page of any site could reach a loopback
 * gateway by rebinding its own name (security.md S-02).
 */
export function hostAllowed(request: IncomingMessage, rules: HostRules): boolean {
  const headers = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const host = headers.length === 1 ? splitHost(request.headers.host ?? "") : undefined;
  if (!host) return false;
  if (rules.names.includes(host.name) || rules.names.includes(`${host.name}:${host.port ?? ""}`)) return true;
  // Tailscale's proxy speaks for these names, on its own port.
  if (rules.tailscale && host.name.endsWith(".ts.net")) return true;
  if (host.port !== rules.port) return false;
  if (LOOPBACK_NAMES.has(host.name)) return true;
  const own = hostname().toLowerCase();
  return host.name === own || host.name === `${own}.local` || host.name === literal(request.socket.localAddress ?? "");
}

/** Is the `Origin` the gateway's own page or listed? Absent is fine for programs (security.md S-03). */
export function originAllowed(
  request: IncomingMessage,
  allowed: readonly string[],
  { port, secure }: { readonly port: number; readonly secure: boolean },
): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin.toLowerCase())) return true;
  const url = URL.parse(origin);
  // A browser sends nothing but the origin itself; what only starts like one is not one.
  if (!url || url.origin !== origin.toLowerCase()) return false;
  const originPort = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  // Loopback pages come from this very port.
  if (LOOPBACK_NAMES.has(url.hostname) && originPort === port) return url.protocol === (secure ? "https:" : "http:");
  // Other names may belong to a proxy in front that does.
  return /^https?:$/.test(url.protocol) && url.host === request.headers.host?.toLowerCase();
}

function splitHost(header: string): { name: string; port: number | undefined } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(header.trim());
  if (!match?.[1]) return undefined;
  return { name: match[1].toLowerCase(), port: match[2] === undefined ? undefined : Number(match[2]) };
}

function literal(address: string): string {
  const bare = address.replace(/^::ffff:/, "");
  return isIPv6(bare) ? `[${bare}]` : bare;
}
