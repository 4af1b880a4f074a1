import type { Target } from "openclaw/plugin-sdk";
import { isSnowflake } from "./snowflake.ts";

export const HINT = "channel:<id>, user:<id>, <@id>, @<id> or #<name>";

/** Looks a name up: ids of channels that have it, in the servers that the bot is in. */
export type FindChannel = (name: string, guildName: string | undefined) => readonly string[];

/** Where a message is to go. Ids first; a name only when exactly one channel has it (channels.md §1.14). */
export function parseTarget(raw: string, find: FindChannel): Target {
  const text = raw.trim();
  const person = /^(?:user:|<@!?|@)\s*(\d+)>?$/i.exec(text)?.[1];
  if (person !== undefined) return of(person, "user");
  const channel = /^(?:channel:|thread:|<#)\s*(\d+)>?$/i.exec(text)?.[1];
  if (channel !== undefined) return of(channel, "channel");
  if (/^\d+$/.test(text)) {
    return refused(`"${text}" may be a channel or a person: write channel:${text} or user:${text}`);
  }
  const named = /^(?:([^#/]+)\/)?#(.+)$/.exec(text);
  if (!named) return refused("it is neither an id nor the name of a channel");
  const [, guild, name = ""] = named;
  const found = find(name.trim(), guild?.trim());
  if (found.length === 1) return of(found[0] as string, "channel");
  if (found.length === 0) return refused("the bot sees no channel of that name");
  return refused(`${found.length} channels have that name: write channel:<id>, one of ${found.slice(0, 5).join(", ")}`);
}

function of(id: string, kind: "user" | "channel"): Target {
  if (!isSnowflake(id)) return refused(`${id} is not an id of Discord: those have 17 to 20 digits`);
  return { ok: true, to: `${kind}:${id}`, kind };
}

function refused(error: string): Target {
  return { ok: false, error };
}

/** The stable id that an entry of an allowlist stands for. Names are none: their owners change them at will. */
export function personId(entry: string): string | undefined {
  return /^(?:user:|discord:|<@!?)?(\d{15,20})>?$/i.exec(entry.trim())?.[1];
}
