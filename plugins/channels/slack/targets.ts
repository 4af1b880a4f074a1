import type { Target } from "openclaw/plugin-sdk";

export const HINT = "channel:<id>, user:<id>, a bare id (C…, D…, G…), <@id>, #<name> or @<name>";

/** Looks a name up in the workspace: ids of channels, or of people, that have it. */
export type FindByName = (name: string, kind: "channel" | "user") => Promise<readonly string[]>;

/** Where a message is to go. Ids first; a name only when exactly one channel or person has it (channels.md §1.14). */
export async function parseTarget(raw: string, find: FindByName): Promise<Target> {
  const text = raw.trim();
  const [, bare = text] = /^(?:<[@#]([^<>|]+)(?:\|[^<>]*)?>)$/.exec(text) ?? [];
  const [, sign = "", name = ""] = /^(channel:|group:|thread:|user:|[@#])?\s*(.*)$/is.exec(bare) ?? [];
  const word = sign.toLowerCase();
  if (/^[UW][A-Z0-9]+$/.test(name) && word !== "#") return of(name, "user");
  if (/^[CDG][A-Z0-9]+$/.test(name) && word !== "@" && word !== "user:") return of(name, "channel");
  if (sign === "" || name === "") return refused("it is neither an id nor the name of a channel or a person");
  const kind = word === "@" || word === "user:" ? "user" : "channel";
  const found = await find(name.replace(/^[@#]/, "").trim(), kind);
  if (found.length === 1) return of(found[0] as string, kind);
  const what = kind === "user" ? "person" : "channel";
  if (found.length === 0) return refused(`the bot sees no ${what} of that name`);
  return refused(`${found.length} have that name: write ${kind}:<id>, one of ${found.slice(0, 5).join(", ")}`);
}

function of(id: string, kind: "user" | "channel"): Target {
  return { ok: true, to: `${kind}:${id}`, kind };
}

function refused(error: string): Target {
  return { ok: false, error };
}

/**
 * The stable id that an entry of an allowlist stands for: of a person, or of a bot that has no other. Names are none:
 * their owners change them at will.
 */
export function personId(entry: string): string | undefined {
  // Approvals are kept in small letters.
  return /^(?:user:|slack:|<@)?([UWB][A-Z0-9]+)(?:\|[^<>]*)?>?$/i.exec(entry.trim())?.[1]?.toUpperCase();
}
