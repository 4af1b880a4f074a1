import type { HooksOf, Messaging } from "openclaw/plugin-sdk";
import { offerOf } from "./command.ts";

type CommandTable = HooksOf<typeof Messaging>["command"];

/** What a message asks for beside what it says, and the message without that. */
export interface Shortcuts {
  /** Names of commands, each once. */
  readonly names: readonly string[];
  readonly text: string;
}

/** Commands that are answered wherever they stand in a message (channels.md §1.15). */
const SHORTCUT = /(^|\s)\/(help|commands|status|whoami):?(?=\s|$)/gi;

/** Takes commands out of a longer message. One that nobody offers is part of what is said. */
export function readShortcuts(text: string, table: CommandTable): Shortcuts | undefined {
  if (!text.includes("/")) return undefined;
  const names = new Set<string>();
  const left = text.replaceAll(SHORTCUT, (whole, before: string, word: string) => {
    const offer = offerOf(word.toLowerCase(), table);
    if (!offer) return whole;
    names.add(offer.key);
    return before;
  });
  return names.size === 0 ? undefined : { names: [...names], text: left.replaceAll(/[ \t]{2,}/g, " ").trim() };
}
