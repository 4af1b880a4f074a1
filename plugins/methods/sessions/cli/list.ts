import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { readSessionFile } from "../session-file.ts";

type Row = Readonly<Record<string, unknown>> & { readonly key: string };

interface Listed {
  readonly path: string;
  readonly count: number;
  readonly sessions: readonly Row[];
}

const MINUTE_MS = 60_000;

/** `openclaw sessions [list]`: from the gateway, or from the files that it leaves when none runs (cli.md §4.3). */
export default defineCommand({
  options: {
    active: { type: "number", describe: "only sessions with activity in the last minutes" },
    agent: { type: "string", describe: "only sessions of this agent" },
    store: { type: "string", describe: "read this sessions.json instead of asking the gateway" },
    limit: { type: "number", describe: "at most so many, newest first" },
  },
  async run(context) {
    const { args, print } = context;
    const activeMinutes = positive(args["active"], "--active");
    const limit = positive(args["limit"], "--limit");
    const store = args["store"] as string | undefined;
    const wanted = { activeMinutes, limit, agentId: args["agent"] as string | undefined };
    const isOffline = store !== undefined || isNobodyThere(context);
    const { path, count, sessions } = isOffline ? fromFiles(context, store, wanted) : await asked(context, wanted);
    print({ path, count, activeMinutes: activeMinutes ?? null, sessions }, asText(context, path, sessions));
  },
});

interface Wanted {
  readonly activeMinutes: number | undefined;
  readonly limit: number | undefined;
  readonly agentId: string | undefined;
}

async function asked({ connect }: CliContext, wanted: Wanted): Promise<Listed> {
  const client = await connect();
  try {
    const params = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    return await client.request<Listed>("sessions.list", params);
  } finally {
    await client.close();
  }
}

function fromFiles({ stateDir }: CliContext, store: string | undefined, wanted: Wanted): Listed {
  const files = store === undefined ? storesIn(stateDir, wanted.agentId) : [resolve(store)];
  if (store !== undefined && !existsSync(files[0] as string)) {
    throw new CliError(`there is no ${store}`, { code: "NOT_FOUND" });
  }
  const since = wanted.activeMinutes === undefined ? 0 : Date.now() - wanted.activeMinutes * MINUTE_MS;
  const rows = files
    .flatMap((file) => [...readSessionFile(readFileSync(file, "utf8")).rows])
    .map(([key, { skillsSnapshot: _skills, systemPromptReport: _report, ...entry }]): Row => ({ key, ...entry }))
    .filter((row) => Number(row["updatedAt"]) >= since && !/:cron:.+:run:/.test(row.key))
    .toSorted((a, b) => Number(b["updatedAt"]) - Number(a["updatedAt"]))
    .slice(0, wanted.limit);
  const path = files.length === 1 ? (files[0] as string) : files.length === 0 ? stateDir : "(multiple)";
  return { path, count: rows.length, sessions: rows };
}

/** The index files of all agents, or of one. A link stands for one of the others. */
function storesIn(stateDir: string, agentId: string | undefined): string[] {
  const agents = join(stateDir, "agents");
  const entries = existsSync(agents) ? readdirSync(agents, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory() && (agentId === undefined || entry.name === agentId))
    .map(({ name }) => join(agents, name, "sessions", "sessions.json"))
    .filter((file) => existsSync(file));
}

/** No gateway of this state directory runs, and no other one is meant. */
function isNobodyThere({ gateway, target }: CliContext): boolean {
  return gateway.running === undefined && target().id === "local";
}

function asText({ table, tilde }: CliContext, path: string, sessions: readonly Row[]): string {
  const head = `Session store: ${tilde(path)}\nSessions: ${sessions.length}`;
  if (sessions.length === 0) return head;
  const rows = sessions.map((row) => ({
    key: row.key,
    kind: String(row["kind"] ?? row["chatType"] ?? "direct"),
    age: age(Number(row["updatedAt"])),
    model: String(row["model"] ?? row["modelOverride"] ?? "-"),
    tokens: tokens(row),
    label: String(row["label"] ?? row["displayName"] ?? ""),
  }));
  return `${head}\n\n${table(rows, ["key", "kind", "age", "model", "tokens", "label"])}`;
}

function tokens({ totalTokens, contextTokens }: Row): string {
  if (typeof totalTokens !== "number") return "-";
  return typeof contextTokens === "number" && contextTokens > 0
    ? `${totalTokens}/${contextTokens} (${Math.round((totalTokens / contextTokens) * 100)}%)`
    : String(totalTokens);
}

function age(updatedAt: number): string {
  const minutes = Math.max(0, Math.round((Date.now() - updatedAt) / MINUTE_MS));
  if (updatedAt <= 0) return "-";
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes}m ago`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)}h ago` : `${Math.round(minutes / 60 / 24)}d ago`;
}

function positive(value: unknown, flag: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  throw new CliError(`${flag} must be a whole number of at least 1`, { exitCode: 2, code: "USAGE" });
}
