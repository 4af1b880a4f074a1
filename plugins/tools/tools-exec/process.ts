import { GatewayError, textResult } from "openclaw/plugin-sdk";
import type { Settings, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { closedGates } from "openclaw/plugin-sdk/exec";
import { isSandboxed } from "openclaw/plugin-sdk/workspace";
import type { Command } from "./command.ts";
import type { Commands } from "./commands.ts";
import type { ProcessParameters } from "./parameters.ts";
import { detailsOf, endOf } from "./report.ts";

const KEYS: Readonly<Record<string, string>> = {
  enter: "\n",
  return: "\n",
  tab: "\t",
  space: " ",
  escape: "\u001B",
  esc: "\u001B",
  backspace: "\u007F",
  up: "\u001B[A",
  down: "\u001B[B",
  right: "\u001B[C",
  left: "\u001B[D",
};
const LOG_LINES = 200;

/**
 * An agent sees its own commands. In a sandbox a session sees its own alone, and what was elevated out of it only who may
 * elevate: writing to a shell is running commands in it.
 */
function isOpenTo(call: ToolContext, settings: Settings, command: Command): boolean {
  if (command.agentId !== call.agentId) return false;
  if (!isSandboxed(settings, call)) return true;
  return command.sessionKey === call.sessionKey && (command.isInside || closedGates(settings, call).length === 0);
}

/** The tool `process`: looks after commands that go on in the background. */
export async function manage(call: ToolContext, settings: Settings, commands: Commands): Promise<ToolResult> {
  const { signal } = call;
  const isTheirs = (command: Command) => isOpenTo(call, settings, command);
  // The arguments were checked against the schema before the tool is called.
  const args = call.arguments as unknown as ProcessParameters;
  if (args.action === "list") return list(commands.of(isTheirs));
  if (args.action === "clear") {
    const ended = commands.of(isTheirs).filter(({ status }) => status !== "running");
    for (const { id } of ended) commands.remove(id);
    return textResult(`${ended.length} ended commands were forgotten`);
  }
  const command = commands.get(isTheirs, args.sessionId);
  switch (args.action) {
    case "poll":
      await command.news(args.timeout ?? 0, signal);
      return poll(command);
    case "log":
      return log(command, args);
    case "write":
      return write(command, args.data ?? "", args.eof === true);
    case "paste":
      return write(command, args.text ?? "", false);
    case "submit":
      return write(command, "\n", false);
    case "send-keys":
      return sendKeys(command, args.keys ?? []);
    case "kill":
      command.kill("ended with process kill");
      await command.ended;
      return textResult(`${command.id}: ${endOf(command)}`, detailsOf(command));
    case "remove":
      command.kill("ended with process remove");
      await command.ended;
      commands.remove(command.id);
      return textResult(`${command.id} was removed`);
  }
}

function list(all: readonly Command[]): ToolResult {
  if (all.length === 0) return textResult("no commands run in the background", { sessions: [] });
  const lines = all.map((command) => {
    const { id, status, command: text } = command;
    const state = status === "running" ? `running for ${Math.round(command.durationMs / 1_000)} s` : endOf(command);
    return `${id}: ${state}: ${text.slice(0, 200)}`;
  });
  const sessions = all.map((command) => {
    const { aggregated: _long, ...facts } = detailsOf(command);
    return { ...facts, sessionId: command.id, command: command.command.slice(0, 200) };
  });
  return textResult(lines.join("\n"), { sessions });
}

function poll(command: Command): ToolResult {
  const fresh = command.output.fresh().trimEnd();
  const state = command.status === "running" ? "it is still running" : endOf(command);
  return {
    ...textResult([...(fresh === "" ? ["(nothing new)"] : [fresh]), `(${state})`].join("\n\n"), detailsOf(command)),
    ...(command.status === "failed" && { isError: true }),
  };
}

function log(command: Command, { offset, limit = LOG_LINES }: ProcessParameters): ToolResult {
  const lines = command.output.lines();
  const first = offset ?? Math.max(0, lines.length - limit);
  const shown = lines.slice(first, first + limit);
  const note = `(lines ${first} to ${first + shown.length - 1} of ${lines.length})`;
  return textResult(shown.length === 0 ? `(no output from line ${first} on)` : [...shown, note].join("\n"));
}

function write(command: Command, text: string, isEnd: boolean): ToolResult {
  if (!command.write(text)) throw notListening(command);
  if (isEnd) command.endInput();
  return textResult(`wrote ${text.length} characters to ${command.id}`);
}

function sendKeys(command: Command, keys: readonly string[]): ToolResult {
  for (const key of keys) {
    const name = key.toLowerCase();
    if (name === "c-c") command.interrupt();
    else if (name === "c-d") command.endInput();
    else if (!command.write(Object.hasOwn(KEYS, name) ? (KEYS[name] as string) : key)) throw notListening(command);
  }
  return textResult(`sent ${keys.length} keys to ${command.id}`);
}

function notListening({ id, status }: Command): GatewayError {
  const why = status === "running" ? "it reads no input" : "it has ended";
  return new GatewayError("INVALID_REQUEST", `nothing can be written to ${id}: ${why}`);
}
