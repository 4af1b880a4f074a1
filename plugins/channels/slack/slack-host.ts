/** Is this an address of Slack's own servers, which may be given a token or a file? Another `apiRoot` stands for them. */
export function isSlackHost({ protocol, hostname, origin }: URL, apiRoot: string): boolean {
  const isOfficial = protocol === "https:" && (hostname === "slack.com" || hostname.endsWith(".slack.com"));
  return isOfficial || origin === URL.parse(apiRoot)?.origin;
}
