/** Events that scripts can name; `command` means all of that kind. */
export const EVENTS = [
  "agent:bootstrap",
  "command",
  "command:new",
  "command:reset",
  "command:stop",
  "gateway:startup",
  "session",
  "session:start",
  "session:end",
] as const;

/** What a script is told. */
export interface HookEvent {
  readonly type: "agent" | "command" | "gateway" | "session";
  /** Of a command its name, without the slash. */
  readonly action: string;
  readonly sessionKey: string;
  readonly timestamp: Date;
  readonly context: Record<string, unknown>;
}

export type HookHandler = (event: HookEvent) => unknown;

/** Does a script that names these events hear of this one? */
export function hears(names: readonly string[], { type, action }: HookEvent): boolean {
  return names.includes(type) || names.includes(`${type}:${action}`);
}
