import { BlockList, isIP } from "node:net";

/** Ranges that are no part of the public internet, or only a way to others that are not. */
const V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;
const V6 = [
  // Unspecified, loopback, and IPv4 in old clothes.
  "::/96",
  // IPv4-mapped and translated.
  "::ffff:0:0/96",
  "::ffff:0:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  // Teredo, benchmarks, ORCHID and the like.
  "2001::/23",
  "2001:db8::/32",
  // 6to4.
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
] as const;

/** Names that mean this machine or its network, whatever a name server says. */
const LOCAL_NAME = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

let ranges: { readonly v4: BlockList; readonly v6: BlockList } | undefined;

/**
 * Is this an address that only this machine or its network has: loopback, private, link-local, metadata, multicast,
 * reserved, or one that stands for another? What is no address at all is one too.
 */
export function forbiddenAddress(address: string): boolean {
  const plain = address.split("%")[0] as string;
  const family = isIP(plain);
  if (family === 0) return true;
  const { v4, v6 } = (ranges ??= { v4: blockList(V4, "ipv4"), v6: blockList(V6, "ipv6") });
  // A scope belongs to a link.
  if (plain !== address) return true;
  return family === 4 ? v4.check(plain, "ipv4") : v6.check(plain, "ipv6");
}

/** Is this the host of a URL that may not be asked, as far as its name tells? Brackets and a last dot do not matter. */
export function forbiddenHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "");
  if (host === "") return true;
  return isIP(host) === 0 ? LOCAL_NAME.test(host) : forbiddenAddress(host);
}

function blockList(list: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const blocked = new BlockList();
  for (const range of list) {
    const [net, prefix] = range.split("/") as [string, string];
    blocked.addSubnet(net, Number(prefix), family);
  }
  return blocked;
}
