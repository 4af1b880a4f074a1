/**
 * What is wrong with an address that the configuration puts in the place of a network's own, or nothing. Tokens go
 * there, so plain `http:` and `ws:` are for loopback hosts only (channels.md §2.2). For `unconfigured` of a channel.
 */
export function endpointProblem(
  key: string,
  value: unknown,
  schemes: readonly Scheme[] = ["https"],
): string | undefined {
  const wanted = `${key} must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (!url || url.hostname === "") return wanted;
  if (url.username !== "" || url.password !== "") return `${key} must not hold a user name or a password`;
  const scheme = url.protocol.slice(0, -1);
  if (schemes.some((one) => one === scheme)) return undefined;
  if (!schemes.some((one) => one === `${scheme}s`)) return wanted;
  if (isLoopback(url.hostname)) return undefined;
  return `${wanted}; ${scheme}:// is for this machine only, since tokens must not travel in clear`;
}

export type Scheme = "https" | "wss";

/** `hostname` as `URL` gives it, which has numbers in all their spellings as dotted ones. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
