import { oneOf, Type } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";
import { EXEC_ASK, EXEC_SECURITY } from "openclaw/plugin-sdk/exec";

export const ExecParameters = Type.Object({
  command: Type.String({ minLength: 1, maxLength: 65_536, description: "what a shell runs" }),
  workdir: Type.Optional(Type.String({ description: "folder; default is the workspace" })),
  env: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "more variables" })),
  yieldMs: Type.Optional(
    Type.Integer({
      minimum: 10,
      maximum: 120_000,
      description: "go on in the background after so long; default 10000",
    }),
  ),
  background: Type.Optional(Type.Boolean({ description: "go on in the background at once" })),
  timeout: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86_400, description: "seconds; default 1800" })),
  pty: Type.Optional(Type.Boolean()),
  host: Type.Optional(oneOf(["sandbox", "gateway", "node"])),
  security: Type.Optional(oneOf(EXEC_SECURITY)),
  ask: Type.Optional(oneOf(EXEC_ASK)),
  node: Type.Optional(Type.String({ description: "id or name of the node, for host node" })),
  elevated: Type.Optional(Type.Boolean()),
});
export type ExecParameters = Static<typeof ExecParameters>;

export const PROCESS_ACTIONS = [
  "list",
  "poll",
  "log",
  "write",
  "send-keys",
  "submit",
  "paste",
  "kill",
  "clear",
  "remove",
] as const;

export const ProcessParameters = Type.Object({
  action: oneOf(PROCESS_ACTIONS),
  sessionId: Type.Optional(Type.String({ description: "which command; needed by all but list and clear" })),
  timeout: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 60_000, description: "poll: wait so many milliseconds for news" }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, description: "log: first line, from 0; default is the last ones" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000, description: "log: lines; default 200" })),
  data: Type.Optional(Type.String({ maxLength: 65_536, description: "write" })),
  text: Type.Optional(Type.String({ maxLength: 65_536, description: "paste" })),
  keys: Type.Optional(
    Type.Array(Type.String({ maxLength: 1_000 }), {
      maxItems: 100,
      description: "send-keys: Enter, Tab, Escape, Space, C-c, C-d, or text",
    }),
  ),
  eof: Type.Optional(Type.Boolean({ description: "write: nothing more will come" })),
});
export type ProcessParameters = Static<typeof ProcessParameters>;
