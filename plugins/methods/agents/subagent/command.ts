import type { CommandCall, SessionsApi, SubagentRun } from "openclaw/plugin-sdk";
import type { Spawner } from "./spawner.ts";

const USE = "Use /subagents list, info <n>, log <n>, send <n> <text> or stop <n|all>.";
const LOGGED = 20;
const LINE_CHARS = 300;

export interface SubagentsParts {
  readonly spawner: Spawner;
  readonly sessions: SessionsApi;
}

const ACTIONS: ReadonlySet<string> = new Set(["stop", "info", "log", "send"]);

/** `/subagents`: those of this session, by their number in the list. */
export async function subagentsCommand(
  { args, session, isOwner }: CommandCall,
  { spawner, sessions }: SubagentsParts,
): Promise<string> {
  const [, word = "", which = "", text = ""] = /^(\S*)\s*(\S*)\s*([\s\S]*)$/.exec(args.trim()) ?? [];
  const action = word.toLowerCase();
  const runs = await spawner.of(session.key);
  if (action === "list" || action === "") {
    if (runs.length === 0) return "There are no sub-agents in this session.";
    return runs.map((run, index) => `${index + 1}. ${line(run)}`).join("\n");
  }
  if (action === "stop" && which.toLowerCase() === "all") return `Stopped ${await spawner.stop(session.key)}.`;
  const run = runs[Number(which) - 1];
  if (!ACTIONS.has(action)) return USE;
  if (!run) return `There is no sub-agent ${which === "" ? "without a number" : which}. ${USE}`;
  if (action === "stop") {
    return (await spawner.stop(session.key, run.runId)) > 0 ? `Stopped ${which}.` : `${which} had ended.`;
  }
  if (action === "log") return log(run, sessions);
  if (action === "send") {
    if (text === "") return USE;
    if (run.endedAt !== undefined) return `${which} had ended; /subagents log ${which} shows what it did.`;
    await spawner.say(run, text, isOwner === true);
    return `Told ${which}.`;
  }
  return [line(run), `Task: ${run.task}`, `Session: ${run.childSessionKey}`, `Run: ${run.runId}`].join("\n");
}

/** What was said and done in its session, the newest last. */
async function log({ childSessionKey }: SubagentRun, sessions: SessionsApi): Promise<string> {
  const child = await sessions.get(childSessionKey);
  if (!child) return "Its session is gone.";
  const messages = await sessions.transcript(child).messages({ limit: LOGGED });
  const lines = messages.flatMap(({ role, content }) =>
    content.map((block) => {
      const words = block.type === "text" ? block.text : block.type === "toolCall" ? `calls ${block.name}` : block.type;
      return `${role}: ${words.replaceAll(/\s+/g, " ").slice(0, LINE_CHARS)}`;
    }),
  );
  return lines.length === 0 ? "It has said nothing yet." : lines.slice(-LOGGED).join("\n");
}

function line({ label, task, outcome, endedAt }: SubagentRun): string {
  const name = label ?? (task.length > 60 ? `${task.slice(0, 60)}…` : task);
  return `${name}: ${endedAt === undefined ? "running" : (outcome ?? "unknown")}`;
}
