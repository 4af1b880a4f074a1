import type { Envelope } from "openclaw/plugin-sdk";
import { stableId } from "./allow-list.ts";
import type { Network } from "./allow-list.ts";
import type { PairingRequest, PairingStore } from "./pairing-store.ts";

/**
 * What a stranger is told, or nothing: once per request, and never for what a channel fetched after being away. Says
 * nothing of what the stranger wrote.
 */
export async function pairingReply(
  { channel, accountId, sender, isBacklog }: Envelope,
  network: Network,
  label: string,
  store: PairingStore,
): Promise<string | undefined> {
  const id = stableId(sender.id, network);
  if (id === undefined || isBacklog) return undefined;
  const asked = await store.ask({ channel, accountId }, id, metaOf(sender));
  return asked?.isNew ? replyText(channel, label, network, asked.request) : undefined;
}

/** Told on the channel when somebody asks for it. */
export const APPROVED_TEXT = "Access approved. Send a message to begin.";

function replyText(channel: string, label: string, { people }: Network, request: PairingRequest): string {
  const { idLabel = `${label} user id` } = people ?? {};
  const account =
    request.accountId === undefined || request.accountId === "default" ? "" : ` --account ${request.accountId}`;
  return [
    "Access to this assistant is not set up for you yet.",
    // Kept in small letters, which is not how every network writes its ids.
    `Your ${idLabel}: ${people?.normalize?.(request.id) ?? request.id}`,
    `Pairing code: ${request.code}`,
    `Ask its owner to run: openclaw pairing approve ${channel} ${request.code}${account}`,
  ].join("\n");
}

/** For the owner to tell people apart. Text of strangers: cut, and without control characters. */
function metaOf({ name, username, tag }: Envelope["sender"]): Record<string, string> {
  const clean = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 80);
  const entries = Object.entries({ name, username, tag }).flatMap(([key, value]) =>
    typeof value === "string" && value !== "" ? [[key, clean(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}
