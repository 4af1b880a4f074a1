import { openAsBlob } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { OutgoingMedia } from "openclaw/plugin-sdk";
import { apiRootOf } from "./account.ts";
import { failureOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import { Unsendable } from "./render.ts";
import type { Session } from "./session.ts";
import { isSlackHost } from "./slack-host.ts";

/** Slack shares a file a little after it was told to. */
const SHARED_AFTER_MS = [0, 400, 1_000];

/** Nothing was shown yet when it failed. */
export class NotShared extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.text);
    this.failure = failure;
  }
}

export interface SharedFile {
  readonly media: OutgoingMedia;
  readonly channelId: string;
  readonly threadTs: string | undefined;
  readonly comment: string;
}

/** Uploads a file and shares it in a channel. Resolves with the id of the message that shows it, or of the file. */
export async function shareFile(
  { media, channelId, threadTs, comment }: SharedFile,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<string> {
  const id = await uploaded(media, session, signal);
  await session.api.call(
    "files.completeUploadExternal",
    {
      files: [{ id, title: media.fileName }],
      channel_id: channelId,
      ...(comment !== "" && { initial_comment: comment }),
      ...(threadTs !== undefined && { thread_ts: threadTs }),
    },
    { signal, limitMs: 30_000 },
  );
  return (await messageOf(id, channelId, session, signal)) ?? id;
}

async function uploaded(media: OutgoingMedia, session: Session, signal: AbortSignal | undefined): Promise<string> {
  const { path, fileName, size } = media;
  const blob = await opened(path, fileName);
  try {
    const args = { filename: fileName, length: blob.size || size };
    const { upload_url: url, file_id: id } = await session.api.call("files.getUploadURLExternal", args, { signal });
    const address = typeof url === "string" ? URL.parse(url) : null;
    if (typeof id !== "string" || !address || !isSlackHost(address, apiRootOf(session.account)))
      throw new Error("Slack did not say where to upload the file");
    const response = await fetch(address, { method: "POST", body: blob, redirect: "error", signal: signal ?? null });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`Slack answered ${response.status} for the upload`);
    return id;
  } catch (error) {
    throw new NotShared(failureOf(error));
  }
}

async function opened(path: string, fileName: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch {
    // It throws at once where there is no file.
    throw new Unsendable(`the file ${fileName} can no longer be read`);
  }
}

/** Which message shows the file. Not worth failing for: it is there. */
async function messageOf(
  file: string,
  channelId: string,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  for (const ms of SHARED_AFTER_MS) {
    try {
      await delay(ms, undefined, signal ? { signal } : {});
      const { file: found } = await session.api.call("files.info", { file }, { signal, limitMs: 3_000 });
      const { shares = {} } = (found ?? {}) as {
        readonly shares?: Readonly<Record<string, Readonly<Record<string, readonly { readonly ts?: string }[]>>>>;
      };
      const ts = Object.values(shares)
        .map((kind) => kind[channelId]?.[0]?.ts)
        .find((one) => one !== undefined);
      if (ts !== undefined) return ts;
    } catch {
      // The scope files:read is missing, or Slack is busy.
      return undefined;
    }
  }
  return undefined;
}
