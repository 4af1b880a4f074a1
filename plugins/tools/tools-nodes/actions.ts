import { GatewayError, oneOf, Type } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";

export const NODE_ACTIONS = [
  "status",
  "describe",
  "pending",
  "approve",
  "reject",
  "notify",
  "run",
  "camera_list",
  "camera_snap",
  "camera_clip",
  "screen_record",
  "location_get",
  "invoke",
] as const;

const MAX_SECONDS = 60;

export const NodesParameters = Type.Object({
  action: oneOf(NODE_ACTIONS),
  node: Type.Optional(Type.String({ description: "name, id or the beginning of the id; not needed with one node" })),
  title: Type.Optional(Type.String({ maxLength: 500 })),
  body: Type.Optional(Type.String({ maxLength: 4_000 })),
  priority: Type.Optional(oneOf(["passive", "active", "timeSensitive"])),
  facing: Type.Optional(oneOf(["front", "back"])),
  deviceId: Type.Optional(Type.String()),
  maxWidth: Type.Optional(Type.Integer({ minimum: 16, maximum: 4_096 })),
  quality: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  duration: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MAX_SECONDS, description: "seconds" })),
  fps: Type.Optional(Type.Number({ minimum: 1, maximum: 60 })),
  screenIndex: Type.Optional(Type.Integer({ minimum: 0 })),
  includeAudio: Type.Optional(Type.Boolean()),
  desiredAccuracy: Type.Optional(oneOf(["coarse", "balanced", "precise"])),
  command: Type.Optional(
    Type.Array(Type.String(), { minItems: 1, maxItems: 200, description: "run: program and words" }),
  ),
  cwd: Type.Optional(Type.String()),
  env: Type.Optional(Type.Record(Type.String(), Type.String())),
  invokeCommand: Type.Optional(Type.String({ description: "invoke: such as device.info" })),
  invokeParams: Type.Optional(Type.Object({}, { additionalProperties: true })),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 600_000 })),
});
export type NodesParameters = Static<typeof NodesParameters>;

/** What one action asks of a node. */
export interface Asked {
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/** Rights over nodes are given by people, whichever way a tool takes. */
const FOR_PEOPLE = /^system\.execApprovals\.|^browser\.proxy$/;

export function askedOf(args: NodesParameters, context: { agentId: string; sessionKey: string; runId: string }): Asked {
  const { action, title = "", body = "", priority, facing, deviceId, duration, includeAudio = true } = args;
  const camera = { ...(facing && { facing }), ...(deviceId !== undefined && { deviceId }) };
  const ask = (command: string, params: object, timeoutMs: number): Asked => ({
    command,
    params: { ...params },
    timeoutMs: args.timeoutMs ?? timeoutMs,
  });
  switch (action) {
    case "notify":
      if (title === "" && body === "") throw refused("notify needs title or body");
      return ask("system.notify", { title, body, ...(priority && { priority }) }, 15_000);
    case "camera_list":
      return ask("camera.list", {}, 15_000);
    case "camera_snap": {
      const { maxWidth = 1_600, quality = 0.9 } = args;
      return ask("camera.snap", { format: "jpg", facing: "front", ...camera, maxWidth, quality }, 20_000);
    }
    case "camera_clip":
      return ask(
        "camera.clip",
        { format: "mp4", ...camera, durationMs: (duration ?? 3) * 1_000, includeAudio },
        90_000,
      );
    case "screen_record": {
      const { screenIndex = 0, fps = 10 } = args;
      const durationMs = (duration ?? 10) * 1_000;
      return ask("screen.record", { format: "mp4", screenIndex, fps, durationMs, includeAudio }, 120_000);
    }
    case "location_get": {
      const { desiredAccuracy } = args;
      return ask("location.get", desiredAccuracy ? { desiredAccuracy } : {}, 20_000);
    }
    case "run": {
      const { command, cwd, env } = args;
      if (!command) throw refused("run needs command: the program and its words");
      return ask(
        "system.run",
        { command, ...(cwd !== undefined && { cwd }), ...(env && { env }), ...context },
        args.timeoutMs ?? 120_000,
      );
    }
    case "invoke": {
      const { invokeCommand, invokeParams = {} } = args;
      if (invokeCommand === undefined) throw refused("invoke needs invokeCommand");
      if (FOR_PEOPLE.test(invokeCommand)) throw refused(`${invokeCommand} is not for tools`);
      // That a run was approved is not the model's to say (security.md S-44).
      const { approved: _claim, approvalDecision: _how, ...params } = invokeParams as Record<string, unknown>;
      return ask(invokeCommand, params, 30_000);
    }
    default:
      throw refused(`${action} asks no node`);
  }
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
