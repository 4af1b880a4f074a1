import type { Settings } from "openclaw/plugin-sdk";
import { namedModel } from "./model-choice.ts";
import type { ModelName } from "./model-choice.ts";

const TRIGGERS = ["/new", "/reset"];
/** What stands before the text of a user: when, and from where (protocol.md §9.2). */
const STAMP = /^\[[^\]\n]{1,200}\] /;
const GREETING =
  "The user has just begun a new session. Greet them in one or two short sentences and ask what they would like to do.";

export interface ResetTrigger {
  /** What is left for the new session to answer. */
  readonly text: string;
  readonly model?: ModelName;
}

/** What a message asks for that begins a new session; nothing for any other message (sessions.md §4). */
export function resetTriggerOf(message: string, settings: Settings): ResetTrigger | undefined {
  const text = message.trim();
  const triggers = settings.get<readonly string[]>("session.resetTriggers") ?? TRIGGERS;
  for (const trigger of triggers.map((one) => one.trim()).filter((one) => one !== "")) {
    if (text.slice(0, trigger.length).toLowerCase() !== trigger.toLowerCase()) continue;
    const rest = text.slice(trigger.length);
    if (rest !== "" && !/^\s/.test(rest)) continue;
    const [, word = "", others = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(rest) ?? [];
    const model = word === "" ? undefined : namedModel(word, settings);
    return model ? { text: others, model } : { text: rest.trim() };
  }
  return undefined;
}

/** The prompt of a turn whose message began a new session: what is left of it, or that there is somebody to greet. */
export function afterTrigger(prompt: string, settings: Settings): string {
  const stamp = STAMP.exec(prompt)?.[0] ?? "";
  const trigger = resetTriggerOf(prompt.slice(stamp.length), settings);
  if (!trigger) return prompt;
  return stamp + (trigger.text === "" ? GREETING : trigger.text);
}
