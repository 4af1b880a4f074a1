import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { acquireLock } from "../file-lock.ts";
import { GatewayError } from "../error.ts";
import { writeFileAtomic } from "../files.ts";
import { compileSchema } from "../compile-schema.ts";
import type { SchemaCheck } from "../compile-schema.ts";
import { isErrno } from "../errno.ts";
import { closed } from "../schema.ts";
import { DEFAULT_EXEC_POLICY, EXEC_ASK, EXEC_SECURITY, readStrict } from "./policy.ts";
import type { ExecPolicy } from "./policy.ts";

const Text = Type.String({ maxLength: 4_096 });
const LOCK_WAIT_MS = 5_000;

const policyFields = {
  security: Type.Optional(Text),
  ask: Type.Optional(Text),
  askFallback: Type.Optional(Text),
  autoAllowSkills: Type.Optional(Type.Boolean()),
};

const AllowlistEntry = closed({
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  pattern: Text,
  lastUsedAt: Type.Optional(Type.Integer({ minimum: 0 })),
  lastUsedCommand: Type.Optional(Type.String({ maxLength: 65_536 })),
  lastResolvedPath: Type.Optional(Text),
});

/** `exec-approvals.json`: what may run on a host, by agent (agent.md §13.3). */
export const ExecApprovalsFile = closed({
  version: Type.Literal(1),
  socket: Type.Optional(closed({ path: Type.Optional(Text), token: Type.Optional(Text) })),
  defaults: Type.Optional(closed(policyFields)),
  agents: Type.Optional(
    Type.Record(
      Type.String(),
      closed({ ...policyFields, allowlist: Type.Optional(Type.Array(AllowlistEntry, { maxItems: 10_000 })) }),
      { maxProperties: 1_000 },
    ),
  ),
});

export type ExecApprovalsFile = Static<typeof ExecApprovalsFile>;
type Entry = Static<typeof AllowlistEntry>;

/** The file as clients are shown it: without the token of its socket. */
export interface ExecApprovalsSnapshot {
  readonly path: string;
  readonly exists: boolean;
  /** Lower-case hex SHA-256 of the file's text. */
  readonly hash: string;
  readonly file: ExecApprovalsFile;
}

/** What holds for one agent. */
export interface AgentExecPolicy extends ExecPolicy {
  /** Patterns of paths. */
  readonly allowlist: readonly string[];
}

/** The exec approvals of this host. Read anew each time; writers queue up behind a lock file. */
export class ExecApprovals {
  readonly path: string;

  constructor(stateDir: string) {
    this.path = join(stateDir, "exec-approvals.json");
  }

  async snapshot(): Promise<ExecApprovalsSnapshot> {
    const { text, file } = await this.#read();
    return { path: this.path, exists: text !== undefined, hash: hashOf(text ?? ""), file: shown(file) };
  }

  /** Replace the file, unless it is another one than the writer has seen. */
  async write(file: ExecApprovalsFile, baseHash: string | undefined): Promise<ExecApprovalsSnapshot> {
    await this.#locked(async () => {
      const { text, file: before } = await this.#read();
      if (text !== undefined && baseHash === undefined) {
        throw stale("exec approvals base hash required; re-run exec.approvals.get and retry");
      }
      if (text !== undefined && baseHash !== hashOf(text)) {
        throw stale("exec approvals changed since last load; re-run exec.approvals.get and retry");
      }
      // Nobody was shown the token, so nobody can mean to change it.
      const socket = before.socket && { ...before.socket, ...file.socket };
      await this.#write({ ...file, ...(socket && { socket }) });
    });
    return this.snapshot();
  }

  /** What holds for an agent here. A file that cannot be read, or words that nobody knows, allow nothing. */
  async policy(agentId: string): Promise<AgentExecPolicy> {
    const { file } = await this.#read();
    const everyone = own(file.agents, "*");
    const agent = own(file.agents, agentId);
    const field = (name: "security" | "ask" | "askFallback") =>
      agent?.[name] ?? everyone?.[name] ?? file.defaults?.[name];
    return {
      security: readStrict(EXEC_SECURITY, field("security"), DEFAULT_EXEC_POLICY.security),
      ask: readStrict(EXEC_ASK, field("ask"), DEFAULT_EXEC_POLICY.ask),
      askFallback: readStrict(EXEC_SECURITY, field("askFallback"), DEFAULT_EXEC_POLICY.askFallback),
      autoAllowSkills:
        agent?.autoAllowSkills ??
        everyone?.autoAllowSkills ??
        file.defaults?.autoAllowSkills ??
        DEFAULT_EXEC_POLICY.autoAllowSkills,
      allowlist: [...(everyone?.allowlist ?? []), ...(agent?.allowlist ?? [])].map(({ pattern }) => pattern),
    };
  }

  /** Add the path of a program to an agent's allowlist. */
  async allow(agentId: string, resolvedPath: string, command: string): Promise<void> {
    await this.#locked(async () => {
      const { file } = await this.#read();
      const agent = own(file.agents, agentId);
      const list = agent?.allowlist ?? [];
      if (list.some(({ pattern }) => pattern === resolvedPath)) return;
      const entry: Entry = {
        id: randomUUID(),
        pattern: resolvedPath,
        lastUsedAt: Date.now(),
        lastUsedCommand: command.slice(0, 65_536),
        lastResolvedPath: resolvedPath,
      };
      const agents = { ...file.agents, [agentId]: { ...agent, allowlist: [...list, entry] } };
      await this.#write({ ...file, agents });
    });
  }

  async #read(): Promise<{ text: string | undefined; file: ExecApprovalsFile }> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (cause) {
      if (isErrno(cause, "ENOENT")) return { text: undefined, file: { version: 1 } };
      throw broken(cause);
    }
    let file: unknown;
    try {
      file = JSON.parse(text);
    } catch (cause) {
      throw broken(cause);
    }
    const wrong = problemOf(file);
    if (wrong !== undefined) throw broken(new Error(wrong));
    return { text, file: file as ExecApprovalsFile };
  }

  async #write(file: ExecApprovalsFile): Promise<void> {
    const agents = file.agents && Object.entries(file.agents).map(([id, agent]) => [id, withIds(agent)] as const);
    const text = JSON.stringify({ ...file, ...(agents && { agents: Object.fromEntries(agents) }) }, null, 2);
    await writeFileAtomic(this.path, `${text}\n`);
  }

  async #locked(work: () => Promise<void>): Promise<void> {
    const lock = await acquireLock(`${this.path}.lock`, { waitMs: LOCK_WAIT_MS });
    try {
      await work();
    } finally {
      lock.release();
    }
  }
}

let check: SchemaCheck | undefined;

function problemOf(file: unknown): string | undefined {
  check ??= compileSchema(ExecApprovalsFile);
  if (check(file)) return undefined;
  const [first] = check.errors ?? [];
  return `${first?.instancePath || "root"}: ${first?.message ?? "is wrong"}`;
}

function withIds<T extends { allowlist?: Entry[] }>(agent: T): T {
  if (!agent.allowlist) return agent;
  return { ...agent, allowlist: agent.allowlist.map((entry) => ({ ...entry, id: entry.id ?? randomUUID() })) };
}

function shown({ socket, ...file }: ExecApprovalsFile): ExecApprovalsFile {
  const { token: _secret, ...rest } = socket ?? {};
  return { ...file, ...(socket && { socket: rest }) };
}

/** Agent ids come from outside: `constructor` is no agent unless it is written. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function broken(cause: unknown): GatewayError {
  const text = "cannot read exec-approvals.json; mend or remove it";
  return new GatewayError("UNAVAILABLE", text, { cause, details: { reason: (cause as Error).message } });
}

function stale(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, { details: { code: "CONFLICT" } });
}
