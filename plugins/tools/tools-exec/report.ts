import type { ToolResult } from "openclaw/plugin-sdk";
import { tailOf } from "openclaw/plugin-sdk/exec";
import type { Command } from "./command.ts";

/** Output a second time, for clients that show it beside the text. */
const MAX_AGGREGATED = 20_000;
const EVENT_OUTPUT = 4_000;

/** A command that has ended, as the model reads it. */
export function endResult(command: Command): ToolResult {
  const { status } = command;
  const output = command.output.whole().trimEnd();
  const text = [output === "" ? "(no output)" : output, ...(status === "completed" ? [] : [`(${endOf(command)})`])];
  return {
    content: [{ type: "text", text: text.join("\n\n") }],
    details: detailsOf(command),
    ...(status !== "completed" && { isError: true }),
  };
}

/** A command that goes on without being waited for. */
export function runningResult(command: Command): ToolResult {
  const output = command.output.fresh().trimEnd();
  const hint = `the command goes on as "${command.id}" (${command.pid === undefined ? "in the sandbox" : `pid ${command.pid}`}); look after it with process: poll, log, write, kill`;
  return {
    content: [{ type: "text", text: [...(output === "" ? [] : [output]), `(${hint})`].join("\n\n") }],
    details: detailsOf(command),
  };
}

export function detailsOf(command: Command): Record<string, unknown> {
  const { id, status, exitCode, durationMs, cwd, pid, isBackground } = command;
  return {
    status,
    exitCode,
    durationMs,
    cwd,
    aggregated: tailOf(command.output.whole(), MAX_AGGREGATED),
    ...(isBackground && { sessionId: id }),
    ...(pid !== undefined && { pid }),
  };
}

/** How it ended, in a few words. */
export function endOf({ status, exitCode, note, durationMs }: Command): string {
  const how = exitCode === null ? "no exit code" : `exit code ${exitCode}`;
  const seconds = `${(durationMs / 1_000).toFixed(1)} s`;
  return [status, how, seconds, ...(note === undefined ? [] : [note])].join(", ");
}

/** What the agent is told at the beginning of its next turn. */
export function endEvent(command: Command): string {
  const output = tailOf(command.output.whole().trim(), EVENT_OUTPUT);
  const head = `Exec finished (${command.pid === undefined ? "sandbox" : "gateway"} id=${command.id}, ${command.exitCode === null ? "no exit code" : `code ${command.exitCode}`})`;
  return output === "" ? head : `${head}\n${output}`;
}
