import { compileSchema, Type } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";
import { ExecApprovalsFile, findProgram } from "openclaw/plugin-sdk/exec";
import { homedir } from "node:os";
import { CommandError } from "./command-error.ts";
import { createSystemRun } from "./system-run.ts";
import type { SystemRunParts } from "./system-run.ts";

/** Carries out one command of the gateway. `limitMs` is how long its caller waits. */
export type Handler = (params: unknown, limitMs?: number) => unknown;

const WhichParams = Type.Object({
  bins: Type.Array(Type.String({ minLength: 1, maxLength: 1_024 }), { maxItems: 1_000 }),
});
const SetParams = Type.Object({ file: ExecApprovalsFile, baseHash: Type.Optional(Type.String()) });

/** What this node can be asked to do, by command (protocol.md §3.2). */
export function createCommands(parts: SystemRunParts): ReadonlyMap<string, Handler> {
  const { approvals, env } = parts;
  const checkWhich = compileSchema(WhichParams);
  const checkSet = compileSchema(SetParams);

  async function which(params: unknown): Promise<object> {
    if (!checkWhich(params)) throw new CommandError("INVALID_REQUEST", "system.which needs bins: a list of names");
    const { bins } = params as Static<typeof WhichParams>;
    const place = { cwd: homedir(), path: env["PATH"] ?? "" };
    const found = await Promise.all(bins.map(async (name) => [name, await findProgram(name, place)] as const));
    return { bins: Object.fromEntries(found.filter(([, path]) => path !== undefined)) };
  }

  function setApprovals(params: unknown): Promise<object> {
    if (!checkSet(params)) {
      const [first] = checkSet.errors ?? [];
      throw new CommandError("INVALID_REQUEST", `system.execApprovals.set ${first?.instancePath}: ${first?.message}`);
    }
    const { file, baseHash } = params as Static<typeof SetParams>;
    return approvals.write(file, baseHash);
  }

  return new Map<string, Handler>([
    ["system.run", createSystemRun(parts)],
    ["system.which", which],
    ["system.execApprovals.get", () => approvals.snapshot()],
    ["system.execApprovals.set", setApprovals],
  ]);
}
