import { APPROVAL_DECISIONS, closed, GatewayError, NonEmptyString, oneOf, Type } from "openclaw/plugin-sdk";
import type { ApprovalDecision, Client, PluginGateway, Static } from "openclaw/plugin-sdk";
import { ApprovalShape } from "./approval-shape.ts";
import { honestText } from "./action.ts";
import type { BoundAction } from "./action.ts";
import type { Desk } from "./desk.ts";
import { clientRequester } from "./requester.ts";

const Name = Type.String({ minLength: 1, maxLength: 256 });
const MaybeText = Type.Optional(Type.Union([Type.String({ maxLength: 4_096 }), Type.Null()]));

const Request = closed({
  id: Type.Optional(Name),
  command: NonEmptyString,
  cwd: MaybeText,
  host: MaybeText,
  security: MaybeText,
  ask: MaybeText,
  agentId: MaybeText,
  resolvedPath: MaybeText,
  sessionKey: MaybeText,
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })),
  // Established clients leave these out; with them the approval holds for exactly this.
  nodeId: Type.Optional(Name),
  argv: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 8_192 })),
  env: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.String(), { maxProperties: 256 })),
});

/** protocol.md §9.11: ask, see what waits, decide. */
export function registerRequestMethods(gateway: PluginGateway, desk: Desk): void {
  gateway.method({
    name: "exec.approval.request",
    scope: "operator.approvals",
    // Approvers have their own time.
    timeoutMs: 0,
    params: Request,
    result: closed({
      id: Type.String(),
      decision: Type.Union([oneOf(APPROVAL_DECISIONS), Type.Null()]),
      createdAtMs: Type.Integer(),
      expiresAtMs: Type.Integer(),
    }),
    async handle(params, { client, signal }) {
      const { id, timeoutMs } = params;
      const question = { action: actionOf(params), requester: clientRequester(client), id, timeoutMs, signal };
      const { decision, ...asked } = desk.ask(question);
      const { createdAtMs, expiresAtMs } = asked;
      return { id: asked.id, decision: await decision, createdAtMs, expiresAtMs };
    },
  });
  gateway.method({
    name: "exec.approval.list",
    scope: "operator.approvals",
    effect: "read",
    params: closed({}),
    result: closed({ approvals: Type.Array(ApprovalShape) }),
    handle: () => ({ approvals: desk.pending() }),
  });
  gateway.method({
    name: "exec.approval.resolve",
    scope: "operator.approvals",
    params: closed({ id: Name, decision: Name }),
    result: closed({ ok: Type.Literal(true) }),
    async handle({ id, decision }, { client }) {
      if (!isDecision(decision)) throw new GatewayError("INVALID_REQUEST", "invalid decision");
      await desk.resolve(id, decision, nameOf(client), clientRequester(client));
      return { ok: true };
    },
  });
}

/** What would run, in the words that approvers read. */
function actionOf({
  id: _id,
  timeoutMs: _time,
  command,
  argv,
  env,
  nodeId,
  ...texts
}: Static<typeof Request>): BoundAction {
  if (argv && honestText(argv) !== command) throw new GatewayError("INVALID_REQUEST", "command is not what argv says");
  if (env && !argv) throw new GatewayError("INVALID_REQUEST", "env needs argv beside it");
  const given = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return {
    command,
    ...(Object.fromEntries(given) as Partial<Record<keyof typeof texts, string>>),
    ...(nodeId !== undefined && { nodeId }),
    ...(argv && { argv }),
    ...(env && { env }),
  };
}

function isDecision(text: string): text is ApprovalDecision {
  return (APPROVAL_DECISIONS as readonly string[]).includes(text);
}

function nameOf({ connect: { client } }: Client): string {
  return client.displayName ?? client.id;
}
