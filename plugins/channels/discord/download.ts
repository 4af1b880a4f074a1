import type { ChannelAccount, Download, Media } from "openclaw/plugin-sdk";
import { apiRootOf } from "./account.ts";

/** Where Discord keeps what people attach. */
const HOSTS: ReadonlySet<string> = new Set(["cdn.discordapp.com", "media.discordapp.net"]);

/** The bytes of an attachment. Only Discord's own servers are asked, and without the token: the address is the key. */
export async function download(
  { url = "", fileName }: Media,
  account: ChannelAccount,
  signal: AbortSignal,
): Promise<Download> {
  const address = URL.parse(url);
  if (!address || !isDiscords(address, account)) throw new Error("the attachment is not on a server of Discord");
  const response = await fetch(address, { signal, redirect: "error" });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`Discord answered ${response.status} for the attachment`);
  }
  const contentType = response.headers.get("content-type");
  return {
    body: response.body,
    ...(contentType !== null && { contentType }),
    ...(fileName !== undefined && { fileName }),
  };
}

/** Another `apiRoot` stands for all of Discord. */
function isDiscords({ protocol, hostname, origin }: URL, account: ChannelAccount): boolean {
  return (protocol === "https:" && HOSTS.has(hostname)) || origin === URL.parse(apiRootOf(account))?.origin;
}
