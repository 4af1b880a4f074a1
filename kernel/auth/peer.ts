import { isIPv6 } from "node:net";
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
  readonly address: string;
  /** Direct loopback socket, loopback name in `Host`, no forwarding header of any kind (S-12). */
  readonly isLocal: boolean;
}

export function peerOf(request: IncomingMessage): Peer {
  const address = request.socket.remoteAddress ?? "";
  const forwarded = Object.keys(request.headers).some((name) => FORWARDING.test(name));
  const host = splitHost(request.headers.host ?? "");
  const named = host !== undefined && (LOOPBACK_NAMES.has(host.name) || host.name.endsWith(".ts.net"));
  return { address, isLocal: isLoopback(address) && named && !forwarded };
}

export interface HostRules {
  readonly port: number;
  /** Names the operator allows beside the loopback ones, as `name` or `name:port`. */
  readonly names: readonly string[];
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
  if (host.name.endsWith(".ts.net")) return true;
  if (host.port !== rules.port) return false;
  if (LOOPBACK_NAMES.has(host.name)) return true;
  const own = hostname().toLowerCase();
  return host.name === own || host.name === `${own}.local` || host.name === literal(request.socket.localAddress ?? "");
}

/** Is the `Origin` the gateway's own page or listed? Absent is fine for programs (security.md S-03). */
export function originAllowed(request: IncomingMessage, allowed: readonly string[], port: number): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin.toLowerCase())) return true;
  const url = URL.parse(origin);
  // A browser sends nothing but the origin itself; what only starts like one is not one.
  if (!url || url.origin !== origin.toLowerCase()) return false;
  const originPort = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  // Loopback pages come from this very port, which speaks no TLS.
  if (LOOPBACK_NAMES.has(url.hostname) && originPort === port) return url.protocol === "http:";
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
