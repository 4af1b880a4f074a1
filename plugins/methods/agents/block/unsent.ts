import type { ReplyPayload } from "openclaw/plugin-sdk";
import type { BlockStream } from "./stream.ts";

/** The payloads of an answer that was sent in blocks: each says what of it is still to be sent. */
export async function withoutSent(
  payloads: readonly ReplyPayload[],
  blocks: BlockStream | undefined,
): Promise<readonly ReplyPayload[]> {
  const unsent = (await blocks?.finish()) ?? "";
  if (blocks?.hasSent !== true) return payloads;
  const last = payloads.at(-1);
  if (!last) return unsent === "" ? [] : [{ text: unsent, unsent }];
  // The first block has quoted what the answer wants quoted.
  const { quote: _quote, ...rest } = last;
  return [...payloads.slice(0, -1), { ...rest, unsent }];
}
