import { closed, GatewayError, Type } from "openclaw/plugin-sdk";
import type { Call, Client, HooksOf, NodeAnswer, NodeInvocation, Nodes, PluginGateway } from "openclaw/plugin-sdk";
import { commandText } from "openclaw/plugin-sdk/exec";
import type { Directory } from "./directory.ts";
import type { Invocations, NodeResult } from "./invocations.ts";
import { nodeIdOf } from "./registry.ts";
import type { Registry } from "./registry.ts";
import { InvokedShape, ReceivedShape } from "./shape.ts";

const Name = Type.String({ minLength: 1, maxLength: 256 });
/** What changes who may run what is for administrators, whichever way they take. */
const ADMIN_COMMANDS = /^system\.execApprovals\./;

export interface InvokeParts {
  readonly gateway: PluginGateway;
  readonly registry: Registry;
  readonly directory: Directory;
  readonly invocations: Invocations;
  readonly hooks: () => HooksOf<typeof Nodes>;
}

/** The checks of protocol.md §9.8, then the node itself. */
export async function invoke(invocation: NodeInvocation, parts: InvokeParts): Promise<NodeAnswer> {
  const { nodeId, command } = invocation;
  const client = parts.registry.get(nodeId);
  if (!client) {
    throw new GatewayError("UNAVAILABLE", "node not connected", {
      details: { code: "NOT_CONNECTED" },
      retryable: true,
    });
  }
  const reason = refusal(command, client, parts.directory);
  if (reason !== undefined) {
    throw new GatewayError("INVALID_REQUEST", "node command not allowed", { details: { reason, command } });
  }
  return parts.invocations.run(invocation, client.connId);
}

export function registerInvokeMethods(parts: InvokeParts): void {
  const { gateway, invocations } = parts;

  gateway.method({
    name: "node.invoke",
    scope: "operator.write",
    // The node has its own time to answer.
    timeoutMs: 0,
    params: closed({
      nodeId: Name,
      command: Name,
      params: Type.Optional(Type.Unknown()),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      idempotencyKey: Name,
    }),
    result: InvokedShape,
    async handle({ nodeId, command, params, timeoutMs, idempotencyKey }, { client, signal }: Call) {
      if (ADMIN_COMMANDS.test(command) && !client.scopes.has("operator.admin")) {
        throw new GatewayError("INVALID_REQUEST", "missing scope: operator.admin", {
          details: { code: "UNAUTHORIZED", command },
        });
      }
      const checked = command === "system.run" ? await withTrueApproval(nodeId, params, client, parts) : params;
      const answer = await invoke(
        {
          nodeId,
          command,
          ...(checked !== undefined && { params: checked }),
          ...(timeoutMs !== undefined && { timeoutMs }),
          idempotencyKey,
          signal,
        },
        parts,
      );
      return { ok: true, nodeId, command, ...answer };
    },
  });

  gateway.method({
    name: "node.invoke.result",
    scope: "node",
    params: closed({
      id: Name,
      nodeId: Name,
      ok: Type.Boolean(),
      payload: Type.Optional(Type.Unknown()),
      // Established nodes send null, and sometimes the value itself.
      payloadJSON: Type.Optional(Type.Unknown()),
      error: Type.Optional(
        Type.Union([
          closed({
            code: Type.Optional(Name),
            message: Type.Optional(Type.String({ minLength: 1, maxLength: 8_192 })),
          }),
          Type.Null(),
        ]),
      ),
    }),
    result: ReceivedShape,
    handle({ id, nodeId, ok, payload, payloadJSON, error }, { client }: Call) {
      if (nodeId !== nodeIdOf(client)) throw new GatewayError("INVALID_REQUEST", "nodeId mismatch");
      const result: NodeResult = ok ? { ok, answer: answerOf(payload, payloadJSON) } : { ok, error: error ?? {} };
      return invocations.answer(id, nodeId, result) ? { ok: true } : { ok: true, ignored: true };
    },
  });
}

function refusal(command: string, client: Client, directory: Directory): string | undefined {
  const declared = client.connect.commands ?? [];
  if (!directory.allowed(client).has(command)) return "command not allowlisted";
  if (declared.length === 0) return "node did not declare commands";
  return declared.includes(command) ? undefined : "command not declared by node";
}

/** security.md S-44: that a run was approved is what the gateway knows, not what the client says. */
async function withTrueApproval(
  nodeId: string,
  params: unknown,
  client: Client,
  { hooks }: InvokeParts,
): Promise<unknown> {
  if (typeof params !== "object" || params === null || Array.isArray(params)) return params;
  const { approved, approvalDecision: _claim, ...run } = params as Record<string, unknown>;
  if (approved !== true) return run;
  const decision = await hooks().approval.promise({ nodeId, command: shownCommand(run), params: run, client });
  return decision ? { ...run, approved: true, approvalDecision: decision } : run;
}

/** What would run, whatever the client calls it. */
function shownCommand({ command }: Record<string, unknown>): string {
  return Array.isArray(command) ? commandText(command.map(String)) : String(command);
}

/** A text that is JSON is the value it describes; any other text is shown as it came. */
function answerOf(payload: unknown, payloadJSON: unknown): NodeAnswer {
  if (typeof payloadJSON !== "string") return { payload: payloadJSON ?? payload, payloadJSON: null };
  try {
    return { payload: JSON.parse(payloadJSON) as unknown, payloadJSON };
  } catch {
    return { payload: { payloadJSON }, payloadJSON };
  }
}
