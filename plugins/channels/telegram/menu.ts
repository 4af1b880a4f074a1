import type { ListedCommand } from "openclaw/plugin-sdk";
import type { CustomCommand } from "./account.ts";

export interface MenuEntry {
  readonly command: string;
  readonly description: string;
}

const MAX_ENTRIES = 100;
const MAX_DESCRIPTION = 256;

/** The menu of the bot: the gateway's own commands first, then those of the configuration, then skills; each name once, in the form that Telegram takes. */
export function menuOf(commands: readonly ListedCommand[], custom: readonly CustomCommand[] = []): MenuEntry[] {
  const entries = new Map<string, MenuEntry>();
  const entry = ({ name, description }: ListedCommand) => ({ command: name, description });
  const ours = commands.filter(({ isFurther }) => !isFurther).map(entry);
  const further = commands.filter(({ isFurther }) => isFurther).map(entry);
  for (const { command, description } of [...ours, ...custom, ...further]) {
    const name = command.toLowerCase().replace(/^\//, "").replaceAll("-", "_");
    if (!/^[a-z0-9_]{1,32}$/.test(name) || entries.has(name)) continue;
    const text = description.trim().slice(0, MAX_DESCRIPTION);
    entries.set(name, { command: name, description: text === "" ? name : text });
  }
  return [...entries.values()].slice(0, MAX_ENTRIES);
}
