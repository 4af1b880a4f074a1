import type { HooksOf, Messaging } from "openclaw/plugin-sdk";

type CommandTable = HooksOf<typeof Messaging>["command"];

const COMMAND = /^\/([a-z][a-z0-9_-]*)(?:\s+([\s\S]*))?$/i;
const MAX_ARGS = 4_096;

/** A slash command that somebody offers. Anything else is for the agent (plugin-compat.md §6). */
export function parseCommand(text: string, table: CommandTable): { name: string; args: string } | undefined {
  const match = COMMAND.exec(text.trim());
  const name = match?.[1]?.toLowerCase();
  const offer = name === undefined ? undefined : table.offers.get(name);
  if (name === undefined || !offer) return undefined;
  const args = (match?.[2] ?? "")
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .slice(0, MAX_ARGS)
    .trim();
  return args !== "" && offer.options.acceptsArgs !== true ? undefined : { name, args };
}
