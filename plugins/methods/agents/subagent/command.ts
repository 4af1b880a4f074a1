import type { CommandCall, SubagentRun } from "openclaw/plugin-sdk";
import type { Spawner } from "./spawner.ts";

const USE = "Use /subagents list, /subagents info <n> or /subagents stop <n|all>.";

/** `/subagents`: those of this session, by their number in the list. */
export async function subagentsCommand({ args, session }: CommandCall, spawner: Spawner): Promise<string> {
  const [action = "list", which = ""] = args.toLowerCase().split(/\s+/);
  const runs = await spawner.of(session.key);
  if (action === "list" || action === "") {
    if (runs.length === 0) return "There are no sub-agents in this session.";
    return runs.map((run, index) => `${index + 1}. ${line(run)}`).join("\n");
  }
  if (action === "stop" && which === "all") return `Stopped ${await spawner.stop(session.key)}.`;
  const run = runs[Number(which) - 1];
  if (action !== "stop" && action !== "info") return USE;
  if (!run) return `There is no sub-agent ${which === "" ? "without a number" : which}. ${USE}`;
  if (action === "stop") {
    return (await spawner.stop(session.key, run.runId)) > 0 ? `Stopped ${which}.` : `${which} had ended.`;
  }
  return [line(run), `Task: ${run.task}`, `Session: ${run.childSessionKey}`, `Run: ${run.runId}`].join("\n");
}

function line({ label, task, outcome, endedAt }: SubagentRun): string {
  const name = label ?? (task.length > 60 ? `${task.slice(0, 60)}…` : task);
  return `${name}: ${endedAt === undefined ? "running" : (outcome ?? "unknown")}`;
}
