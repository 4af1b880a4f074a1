import { Agents, GatewayError, jsonResult, oneOf, textResult, Type } from "openclaw/plugin-sdk";
import type { ConfigApi, PluginGateway, Static, SystemApi, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { parsePath, valueAt } from "openclaw/plugin-sdk/config";
import { effect, problemOf, refusalOf } from "./edit.ts";
import type { Edit } from "./edit.ts";
import { editOfPatch, editOfWhole } from "./edit-of.ts";

const DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 60_000;
/** A whole configuration or schema fills a window: a path makes it shorter. */
const MAX_SHOWN = 20_000;
const MAX_RAW = 500_000;

const Parameters = Type.Object({
  action: oneOf(["config.get", "config.schema", "config.patch", "config.apply", "restart", "update.run"]),
  path: Type.Optional(
    Type.String({ maxLength: 500, description: "config.get, config.schema: such as agents.defaults" }),
  ),
  raw: Type.Optional(
    Type.String({
      maxLength: MAX_RAW,
      description: "config.patch: a JSON merge patch, null removes; config.apply: the whole file",
    }),
  ),
  baseHash: Type.Optional(
    Type.String({ maxLength: 128, description: "hash of config.get that the change is based on" }),
  ),
  reason: Type.Optional(Type.String({ maxLength: 500, description: "restart: why, told when it is back" })),
  delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_DELAY_MS })),
});

type Given = Static<typeof Parameters>;

export interface GatewayToolParts {
  readonly gateway: PluginGateway;
  readonly config: ConfigApi;
  readonly system: SystemApi;
}

/** The tool `gateway`: what owners do with `/config` and `/restart`, for the agent in a turn of theirs (agent.md §12.3). */
export function registerGatewayTool(parts: GatewayToolParts): void {
  parts.gateway.hooks
    .of(Agents)
    .tool.for("gateway")
    .tap(
      {
        label: "Gateway",
        description:
          "Read and change the configuration of this gateway, or restart it. Look with config.get and config.schema first; change single values with config.patch. What opens doors or runs programs cannot be changed here.",
        parameters: Parameters,
        ownerOnly: true,
      },
      // The arguments were checked against the schema before the tool is called.
      (call) => act(call, call.arguments as Given, parts),
    );
}

async function act(call: ToolContext, given: Given, parts: GatewayToolParts): Promise<ToolResult> {
  const { config } = parts;
  switch (given.action) {
    case "config.get": {
      // What the file says, so that it can be given back.
      const { parsed, hash } = await config.snapshot();
      return shown({ hash, ...placed(given.path, parsed) });
    }
    case "config.schema": {
      const { schema } = config.schema();
      return shown({
        path: given.path ?? "",
        schema: given.path === undefined ? schema : schemaAt(schema, given.path),
      });
    }
    case "config.patch":
      return write(editOfPatch(rawOf(given)), call, given, parts);
    case "config.apply":
      return write(editOfWhole(rawOf(given), (await config.snapshot()).parsed), call, given, parts);
    case "restart":
      return restart(call, given, parts);
    case "update.run":
      throw refused("the gateway is updated on its machine: openclaw update");
  }
}

async function write(
  edit: Edit,
  { agentId, sessionKey }: ToolContext,
  { baseHash }: Given,
  { config }: GatewayToolParts,
): Promise<ToolResult> {
  const { parsed, hash } = await config.snapshot();
  if (edit.size === 0) return textResult("Nothing to change.");
  const why = refusalOf(edit, parsed, config);
  if (why !== undefined) throw refused(why);
  const options = { baseHash: baseHash ?? hash, actor: `agent:${agentId}:${sessionKey}` };
  const written = await config.write({ set: edit }, options).catch((error: unknown) => {
    throw refused(problemOf(error));
  });
  return jsonResult({ ok: true, changed: written.changed, effect: effect(written.plan), hash: written.hash });
}

async function restart(
  { sessionKey }: ToolContext,
  { reason = "asked for by the agent", delayMs = DELAY_MS }: Given,
  { gateway, system }: GatewayToolParts,
): Promise<ToolResult> {
  if (gateway.settings.get<boolean>("commands.restart") !== true)
    throw refused('restarts are off; "openclaw config set commands.restart true" on the gateway\'s machine opens them');
  await system.restart({
    kind: "restart",
    reason,
    delayMs,
    sessionKey,
    message: `the gateway is back after a restart: ${reason}`,
    stats: { mode: "restart", reason },
  });
  return jsonResult({ ok: true, delayMs });
}

function placed(path: string | undefined, whole: unknown): object {
  if (path === undefined || path === "") return { config: whole };
  const keys = parsePath(path);
  if (!keys) throw refused(`"${path}" is no path; write it as in agents.defaults.model`);
  return { path, value: valueAt(whole, keys) ?? null };
}

/** The schema of one value, as far as it can be followed by names. */
function schemaAt(schema: unknown, path: string): unknown {
  let at = schema as
    | { properties?: Record<string, unknown>; items?: unknown; additionalProperties?: unknown }
    | undefined;
  for (const key of parsePath(path) ?? []) {
    const next = typeof key === "number" ? at?.items : (at?.properties?.[key] ?? at?.additionalProperties);
    if (typeof next !== "object" || next === null)
      throw refused(`the schema says nothing of ${path}; see config.schema`);
    at = next;
  }
  return at;
}

function shown(facts: object): ToolResult {
  const text = JSON.stringify(facts, null, 2);
  if (text.length <= MAX_SHOWN) return textResult(text, facts);
  return textResult(`${text.slice(0, MAX_SHOWN)}\n… (longer; name a path)`);
}

function rawOf({ action, raw }: Given): string {
  if (raw === undefined) throw refused(`${action} needs raw`);
  return raw;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
