import { GatewayError, jsonResult, NonEmptyString, oneOf, Type } from "openclaw/plugin-sdk";
import type { AgentsApi, Settings, Static, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { isSandboxed, sandboxSettings } from "openclaw/plugin-sdk/workspace";
import { relaysOf, spawnsEnded } from "./relays.ts";

export const SpawnParameters = Type.Object({
  task: Type.String({ minLength: 1, maxLength: 100_000, description: "everything the sub-agent has to know" }),
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  agentId: Type.Optional(NonEmptyString),
  model: Type.Optional(NonEmptyString),
  thinking: Type.Optional(NonEmptyString),
  runTimeoutSeconds: Type.Optional(Type.Integer({ minimum: 0, description: "default 0: as long as it takes" })),
  cleanup: Type.Optional(oneOf(["keep", "delete"])),
});

/** The tool `sessions_spawn`. The sub-agent may do what this turn may, and its end is told where this turn answers. */
export async function spawn(call: ToolContext, agents: AgentsApi, settings: Settings): Promise<ToolResult> {
  const { sessionKey, isOwner, envelope, agentId } = call;
  const { agentId: target = agentId } = call.arguments as Static<typeof SpawnParameters>;
  if (isSandboxed(settings, call) && sandboxSettings(settings, target).mode === "off")
    throw new GatewayError(
      "INVALID_REQUEST",
      `agent "${target}" works in no sandbox, and this session may start only what does`,
    );
  const ended = spawnsEnded(call);
  if (ended !== undefined) throw new GatewayError("INVALID_REQUEST", ended);
  const { runId, childSessionKey, warning } = await agents.spawn({
    // The arguments were checked against the schema before the tool is called.
    ...(call.arguments as Static<typeof SpawnParameters>),
    requesterKey: sessionKey,
    isOwner,
    relays: relaysOf(call),
    ...(envelope?.replyTo && { replyTo: envelope.replyTo }),
  });
  return jsonResult({ status: "accepted", runId, childSessionKey, ...(warning !== undefined && { warning }) });
}
