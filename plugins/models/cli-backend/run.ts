import { randomUUID } from "node:crypto";
import { ensureDirectory, modelError, reasonOfText } from "openclaw/plugin-sdk";
import type { AgentsApi, ModelPart, ModelRequest, SessionsApi } from "openclaw/plugin-sdk";
import { execEnvironment, findProgram } from "openclaw/plugin-sdk/exec";
import type { Backend } from "./backend.ts";
import { runChild } from "./child.ts";
import type { ChildEnd } from "./child.ts";
import { commandLine } from "./command-line.ts";
import { writeImages } from "./images.ts";
import { OutputReader } from "./output.ts";
import type { Answer } from "./output.ts";
import type { Queue } from "./queue.ts";

export interface RunParts {
  readonly id: string;
  readonly model: string;
  readonly backend: Backend;
  readonly sessions: SessionsApi;
  readonly agents: AgentsApi;
  readonly queue: Queue;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Accounts and settings of the commands themselves. */
const OWN_VARIABLES = /^(?:CLAUDE|CODEX|ANTHROPIC|OPENAI|GEMINI|GOOGLE)_\w+$|^(?:https?|no|all)_proxy$/i;
const LOST_SESSION =
  /no conversation found|session .*(?:not found|does not exist)|(?:unknown|invalid) session|no rollout found/i;

/** One turn of a command-line agent. A session that it no longer knows is begun anew, once. */
export async function* runBackend(parts: RunParts, request: ModelRequest): AsyncGenerator<ModelPart> {
  const { id, backend, queue } = parts;
  const limit = new AbortController();
  const limitMs = backend.timeoutSeconds * 1_000;
  const signal = AbortSignal.any([request.signal, limit.signal]);
  const leave = backend.serialize ? await queue.enter(id, signal) : () => {};
  const timer = limitMs > 0 ? setTimeout(() => limit.abort(), limitMs) : undefined;
  try {
    const resume = await knownSession(parts, request);
    const again = yield* once(parts, { ...request, signal }, resume);
    if (again) yield* once(parts, { ...request, signal }, undefined);
  } catch (error) {
    if (!limit.signal.aborted || request.signal.aborted) throw error;
    const name = `${id}/${parts.model}`;
    const message = `model ${name}: the command gave no answer within ${backend.timeoutSeconds} s and was ended`;
    throw modelError(message, name, { reason: "timeout" }, error);
  } finally {
    clearTimeout(timer);
    leave();
  }
}

/** True when the session to go on with is unknown to the command, and nothing has come of it. */
async function* once(
  parts: RunParts,
  request: ModelRequest,
  resume: string | undefined,
): AsyncGenerator<ModelPart, boolean> {
  const { id, model, backend, environment } = parts;
  const name = `${id}/${model}`;
  const last = request.messages.findLast(({ role }) => role === "user")?.content ?? [];
  await using images = await writeImages(backend.imageArg === undefined ? [] : last);
  const prompt = last.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  const parsed = { model, prompt, system: request.system, resume, newSession: randomUUID(), images: images.paths };
  const { args, input, sessionId } = commandLine(backend, parsed);
  const cwd = workspaceOf(parts, request.sessionKey);
  ensureDirectory(cwd);
  const env = environmentOf(backend, environment);
  const file = await findProgram(backend.command, { cwd, path: env["PATH"] ?? "" });
  if (file === undefined) {
    const message = `model ${name}: the command "${backend.command}" is not there; install it or set agents.defaults.cliBackends.${id}.command`;
    throw modelError(message, name, { reason: "no_model" });
  }
  const format = resume === undefined ? backend.output : (backend.resumeOutput ?? backend.output);
  const reader = new OutputReader(format, backend.sessionIdFields);
  let end: ChildEnd = { code: null, stderr: "", flooded: false };
  let shown = "";
  for await (const chunk of runChild({ file, args, input, cwd, env, signal: request.signal }, (one) => (end = one))) {
    const text = reader.feed(chunk);
    if (text === "") continue;
    shown += text;
    yield { type: "text-delta", text };
  }
  request.signal.throwIfAborted();
  const answer = reader.end();
  const problem = problemOf(answer, end, backend);
  if (problem !== undefined) {
    if (resume !== undefined && shown === "" && LOST_SESSION.test(problem)) return true;
    // What the command did is not known, so it is not simply run again.
    const reason = reasonOfText(problem);
    throw modelError(`model ${name}: ${problem}`, name, { reason: reason === "other" ? "format" : reason });
  }
  await remember(parts, request, answer.sessionId ?? sessionId);
  const rest = answer.text.startsWith(shown) ? answer.text.slice(shown.length) : shown === "" ? answer.text : "";
  if (rest !== "") yield { type: "text-delta", text: rest };
  yield { type: "finish", reason: "stop", usage: answer.usage };
  return false;
}

function problemOf(
  { error, text }: Answer,
  { code, stderr, flooded }: ChildEnd,
  { command }: Backend,
): string | undefined {
  if (flooded) return `the command "${command}" printed more than 10 MB and was ended`;
  const lines = stderr.trim().split("\n").slice(-5).join(" ").slice(-500);
  if (code !== 0)
    return `the command "${command}" ended with ${code ?? "a signal"}: ${error ?? (lines || text.slice(-500))}`;
  if (error !== undefined) return error;
  return text === "" ? `the command "${command}" printed no answer${lines === "" ? "" : `: ${lines}`}` : undefined;
}

async function knownSession({ id, backend, sessions }: RunParts, { sessionKey }: ModelRequest) {
  if (backend.sessionMode === "none") return undefined;
  const entry = (await sessions.get(sessionKey))?.entry;
  const known = (entry?.["cliSessionIds"] as Readonly<Record<string, unknown>> | undefined)?.[id];
  return typeof known === "string" && /^[\w.:-]{1,200}$/.test(known) && !known.startsWith("-") ? known : undefined;
}

async function remember(
  { id, backend, sessions }: RunParts,
  { sessionKey }: ModelRequest,
  sessionId: string | undefined,
) {
  if (sessionId === undefined || backend.sessionMode === "none") return;
  await sessions.update(sessionKey, (entry) => {
    const known = entry["cliSessionIds"] as Readonly<Record<string, unknown>> | undefined;
    return known?.[id] === sessionId ? {} : { cliSessionIds: { ...known, [id]: sessionId } };
  });
}

function workspaceOf({ agents, sessions }: RunParts, sessionKey: string): string {
  const { agentId } = sessions.parseKey(sessionKey);
  return agents.list().find((agent) => agent.id === agentId)?.workspace ?? process.cwd();
}

/** What everybody needs, the command's own variables, and what is configured; never a secret of the gateway. */
function environmentOf(
  { env, clearEnv }: Backend,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const own = Object.entries(environment).filter(([name, value]) => value !== undefined && OWN_VARIABLES.test(name));
  const all = { ...execEnvironment(environment), ...(Object.fromEntries(own) as Record<string, string>) };
  for (const name of clearEnv) delete all[name];
  return { ...all, ...env };
}
