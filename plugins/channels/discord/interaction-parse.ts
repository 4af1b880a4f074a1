import type { APIGuildMember, APIUser } from "discord.js";
import { placeFields, senderOf } from "./parse.ts";
import type { Here, Inbound, Self } from "./parse.ts";
import { BUTTON_PREFIX } from "./render.ts";

/** What Discord tells of a press of a button or a command of the menu, as far as it is used here. */
export interface Interaction {
  readonly id: string;
  readonly type: number;
  readonly token: string;
  readonly channel_id?: string;
  readonly channel?: { readonly type: number };
  readonly guild_id?: string;
  readonly member?: APIGuildMember & { readonly user: APIUser };
  readonly user?: APIUser;
  readonly message?: { readonly id: string };
  readonly data?: {
    readonly name?: string;
    readonly type?: number;
    readonly custom_id?: string;
    readonly options?: readonly { readonly name: string; readonly value?: unknown }[];
  };
}

const COMMAND = 2;
const COMPONENT = 3;
const CHAT_INPUT = 1;

/** What it asks for, or nothing for what is not ours. */
export function askedBy({
  type,
  data = {},
}: Interaction): (Pick<Inbound, "text"> & { kind: "command" | "button" }) | undefined {
  if (type === COMMAND && (data.type ?? CHAT_INPUT) === CHAT_INPUT && data.name !== undefined) {
    const words = (data.options ?? []).flatMap(({ value }) => (value === undefined ? [] : [String(value)]));
    return { kind: "command", text: [`/${data.name}`, ...words].join(" ").trim() };
  }
  if (type === COMPONENT && data.custom_id?.startsWith(BUTTON_PREFIX))
    return { kind: "button", text: data.custom_id.slice(BUTTON_PREFIX.length) };
  return undefined;
}

/** An interaction that is ours as a message of whoever did it. They meant the bot, whatever the place asks for. */
export function interactionEnvelope(
  interaction: Interaction,
  asked: NonNullable<ReturnType<typeof askedBy>>,
  here: Here,
  self: Self,
): Inbound | undefined {
  const { id, member, message } = interaction;
  const user = member?.user ?? interaction.user;
  if (!user) return undefined;
  return {
    ...placeFields(here, user.id, self),
    ...asked,
    messageId: id,
    sender: senderOf(user, member),
    timestamp: Date.now(),
    mentions: { bot: true, any: true, canDetect: true },
    ...(message && { quoted: { id: message.id, isBot: true } }),
  };
}
