import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { closed, GatewayError, NonEmptyString, Type, writeFileAtomic } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { BOOTSTRAP_FILES, workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentEntries, agentIdOf } from "./agent-entry.ts";
import { AgentFileReadShape, AgentFilesShape, AgentFileWrittenShape } from "./shape.ts";

const MAX_BYTES = 1_048_576;
const MEMORY = ["MEMORY.md", "memory.md"] as const;
const NAMES: ReadonlySet<string> = new Set([...BOOTSTRAP_FILES, ...MEMORY]);

export interface AgentFile {
  readonly name: string;
  readonly path: string;
  readonly missing: boolean;
  readonly size?: number;
  readonly updatedAtMs?: number;
  readonly content?: string;
  /** Why it is there and cannot be used. */
  readonly problem?: string;
}

/** `agents.files.list|get|set`: the files that an agent begins with, and no others (protocol.md §9.10). */
export function registerFileMethods(gateway: PluginGateway): void {
  const { settings, paths } = gateway;
  const agentId = NonEmptyString;
  const Name = Type.String({ minLength: 1, maxLength: 255 });

  function of(given: string): { agentId: string; workspace: string } {
    const id = agentIdOf(given);
    if (!agentEntries(settings).some((entry) => agentIdOf(entry.id) === id))
      throw new GatewayError("INVALID_REQUEST", "unknown agent id", { details: { code: "NOT_FOUND", agentId: id } });
    return { agentId: id, workspace: workspaceOf(id, { settings, stateDir: paths.stateDir }) };
  }

  gateway.method({
    name: "agents.files.list",
    scope: "operator.admin",
    effect: "read",
    params: closed({ agentId }),
    result: AgentFilesShape,
    async handle(params) {
      const agent = of(params.agentId);
      const files = await Promise.all([...BOOTSTRAP_FILES, ...MEMORY].map((name) => describe(agent.workspace, name)));
      // Two spellings of one file.
      const [capital, small] = files.slice(-MEMORY.length);
      const memory = capital?.missing && small && !small.missing ? small : capital;
      return { ...agent, files: [...files.slice(0, -MEMORY.length), memory] };
    },
  });
  gateway.method({
    name: "agents.files.get",
    scope: "operator.admin",
    effect: "read",
    params: closed({ agentId, name: Name }),
    result: AgentFileReadShape,
    async handle(params) {
      const agent = of(params.agentId);
      supported(params.name);
      return { ...agent, file: await read(agent.workspace, params.name) };
    },
  });
  gateway.method({
    name: "agents.files.set",
    scope: "operator.admin",
    params: closed({ agentId, name: Name, content: Type.String({ maxLength: MAX_BYTES }) }),
    result: AgentFileWrittenShape,
    async handle({ name, content, ...params }) {
      const agent = of(params.agentId);
      supported(name);
      if (Buffer.byteLength(content) > MAX_BYTES) throw tooLarge(name);
      const place = await locate(agent.workspace, name);
      if (place.problem !== undefined) throw unusable(name, place.problem);
      await writeFileAtomic(place.real, content, { mode: place.mode });
      return { ok: true, ...agent, file: { ...(await describe(agent.workspace, name)), content } };
    },
  });
}

function supported(name: string): void {
  if (!NAMES.has(name)) throw new GatewayError("INVALID_REQUEST", `unsupported file "${name}"`);
}

async function describe(workspace: string, name: string): Promise<AgentFile> {
  const path = join(workspace, name);
  const { size, updatedAtMs, problem } = await locate(workspace, name);
  if (problem !== undefined) return { name, path, missing: false, problem };
  if (size === undefined || updatedAtMs === undefined) return { name, path, missing: true };
  return { name, path, missing: false, size, updatedAtMs };
}

async function read(workspace: string, name: string): Promise<AgentFile> {
  const { real, size, problem } = await locate(workspace, name);
  if (problem !== undefined) throw unusable(name, problem);
  if (size === undefined) return { name, path: join(workspace, name), missing: true };
  const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    if (bytesRead > MAX_BYTES) throw tooLarge(name);
    return { ...(await describe(workspace, name)), content: bytes.toString("utf8", 0, bytesRead) };
  } finally {
    await file.close();
  }
}

interface Place {
  /** Where links end. */
  readonly real: string;
  readonly mode: number;
  readonly size?: number;
  readonly updatedAtMs?: number;
  readonly problem?: string;
}

const NEW_MODE = 0o600;

/** Links may stay inside the workspace; what leads out of it, or is no file, is a problem. */
async function locate(workspace: string, name: string): Promise<Place> {
  const path = join(workspace, name);
  const nothing: Place = { real: path, mode: NEW_MODE };
  if (!(await lstat(path).catch(() => undefined))) return nothing;
  const [root, real] = await Promise.all([realpath(workspace), realpath(path).catch(() => undefined)]);
  if (real === undefined) return { ...nothing, problem: "is a link that leads nowhere" };
  const way = relative(root, real);
  if (way === ".." || way.startsWith(`..${sep}`)) return { ...nothing, problem: "leads out of the workspace" };
  const info = await lstat(real);
  if (!info.isFile()) return { ...nothing, problem: "is not a file" };
  return { real, mode: info.mode & 0o777, size: info.size, updatedAtMs: Math.round(info.mtimeMs) };
}

function unusable(name: string, problem: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `${name} ${problem}; mend it in the workspace`);
}

function tooLarge(name: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `${name} is larger than ${MAX_BYTES} bytes`);
}
