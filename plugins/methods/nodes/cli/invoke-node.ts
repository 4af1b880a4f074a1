import { randomUUID } from "node:crypto";
import { CliError, GatewayError, withHint } from "openclaw/plugin-sdk";
import type { CliArgs, CliOption, GatewayClient } from "openclaw/plugin-sdk";

/** The gateway answers itself when the node does not; this is for the gateway. */
const MARGIN_MS = 10_000;

export interface Invoked {
  readonly ok: true;
  readonly nodeId: string;
  readonly command: string;
  readonly payload?: unknown;
  readonly payloadJSON: string | null;
}

export const INVOKE_OPTIONS: Readonly<Record<"invoke-timeout" | "idempotency-key", CliOption>> = {
  "invoke-timeout": { type: "number", describe: "milliseconds the node may take" },
  "idempotency-key": { type: "string", describe: "repeat a call without a second effect" },
};

/** Have a node run a command, with what the flags say of time and key. */
export function invokeNode(
  client: GatewayClient,
  nodeId: string,
  command: string,
  params: unknown,
  { args, timeoutMs: preset = 15_000 }: { readonly args: CliArgs; readonly timeoutMs?: number },
): Promise<Invoked> {
  const timeoutMs = invokeTimeout(args) ?? preset;
  const idempotencyKey = (args["idempotency-key"] as string | undefined) ?? randomUUID();
  const request = { nodeId, command, ...(params !== undefined && { params }), idempotencyKey, timeoutMs };
  return client
    .request<Invoked>("node.invoke", request, { timeoutMs: timeoutMs + MARGIN_MS })
    .catch((error: unknown) => explained(error, command));
}

/** A refusal with what keeps the command from running, and what would let it. */
function explained(error: unknown, command: string): never {
  const reason = error instanceof GatewayError ? error.details?.["reason"] : undefined;
  if (!(error instanceof GatewayError) || typeof reason !== "string") throw error;
  const hint =
    reason === "command not allowlisted"
      ? `${command} is not for such a node; gateway.nodes.allowCommands can add it`
      : `the node does not offer ${command}; openclaw nodes describe shows what it does`;
  throw withHint(error, hint);
}

function invokeTimeout(args: CliArgs): number | undefined {
  const timeoutMs = args["invoke-timeout"] as number | undefined;
  if (timeoutMs === undefined || (Number.isInteger(timeoutMs) && timeoutMs > 0)) return timeoutMs;
  throw new CliError("--invoke-timeout needs milliseconds", { exitCode: 2, code: "USAGE" });
}
