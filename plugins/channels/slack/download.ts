import type { ChannelAccount, Download, Media } from "openclaw/plugin-sdk";
import { apiRootOf, tokenOf } from "./account.ts";
import type { Session } from "./session.ts";
import { isSlackHost } from "./slack-host.ts";
import type { WireFile } from "./wire.ts";

const MAX_REDIRECTS = 3;

interface Reference {
  readonly id?: string;
  readonly url?: string;
  readonly type?: string;
}

/** The bytes of a file. The token goes to Slack's own servers only, and to no other that one of them points to. */
export async function download(
  { ref = "{}", fileName }: Media,
  account: ChannelAccount,
  session: Session | undefined,
  signal: AbortSignal,
): Promise<Download> {
  const { id, url, type } = JSON.parse(ref) as Reference;
  const response = await fetched(url ?? (await addressOf(id, session, signal)), account, signal);
  const contentType = response.headers.get("content-type") ?? undefined;
  const isPage = contentType?.startsWith("text/html") === true && type?.startsWith("text/html") !== true;
  if (!response.ok || !response.body || isPage) {
    await response.body?.cancel();
    // Without the scope Slack shows the page on which people log in.
    if (isPage)
      throw new Error("Slack does not give the bot the file; add the scope files:read and install the app again");
    throw new Error(`Slack answered ${response.status} for the file`);
  }
  return {
    body: response.body,
    ...(contentType !== undefined && { contentType }),
    ...(fileName !== undefined && { fileName }),
  };
}

/** Of a file from another workspace Slack tells only the id at first. */
async function addressOf(id: string | undefined, session: Session | undefined, signal: AbortSignal): Promise<string> {
  const { file } = (await session?.api.call("files.info", { file: id }, { signal })) ?? {};
  const { url_private_download: best, url_private: other } = (file ?? {}) as WireFile;
  return best ?? other ?? "";
}

async function fetched(url: string, account: ChannelAccount, signal: AbortSignal): Promise<Response> {
  const apiRoot = apiRootOf(account);
  const token = tokenOf(account, "botToken")?.text ?? "";
  let address = URL.parse(url);
  for (let turn = 0; turn <= MAX_REDIRECTS; turn++) {
    const isOwn = address !== null && isSlackHost(address, apiRoot);
    if (!address || !(isOwn || (turn > 0 && isContent(address))))
      throw new Error("the file is not on a server of Slack");
    const headers = isOwn ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(address, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    address = URL.parse(location, address.href);
  }
  throw new Error("Slack points from one server to the next for the file");
}

/** Where Slack keeps copies of files: the address is the key. */
function isContent({ protocol, hostname }: URL): boolean {
  return protocol === "https:" && /\.(?:slack-edge|slack-files)\.com$/.test(hostname);
}
