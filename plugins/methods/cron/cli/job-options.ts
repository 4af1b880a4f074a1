import { CliError } from "openclaw/plugin-sdk";
import type { CliArgs, CliOption } from "openclaw/plugin-sdk";
import { durationMs, isoMs } from "../schedule/schedule.ts";

const SHORTEST_MS = 1_000;

/** What `cron add` and `cron edit` share (cron.md §5). */
export const JOB_OPTIONS: Readonly<Record<string, CliOption>> = {
  name: { type: "string", describe: "what it is called" },
  description: { type: "string", describe: "what it is for" },
  at: { type: "string", describe: "once, at an ISO time, or in 20m, 2h, +3d" },
  every: { type: "string", describe: "again and again, such as 20m, 2h or 1d" },
  cron: { type: "string", describe: 'by a cron expression, such as "0 9 * * 1-5"' },
  tz: { type: "string", describe: "time zone of --cron, such as Europe/Berlin; default: of the gateway's machine" },
  session: { type: "string", describe: "main, isolated, or the key of a session" },
  "system-event": { type: "string", describe: "a text for the main session of the agent" },
  message: { type: "string", describe: "a message for the agent, in a session of its own" },
  webhook: { type: "string", describe: "an address to ask" },
  send: { type: "string", describe: "a text to send as it is" },
  wake: { type: "string", describe: "when the main session looks at it", choices: ["now", "next-heartbeat"] },
  agent: { type: "string", describe: "which agent; default: the default one" },
  model: { type: "string", describe: "model of the turn" },
  thinking: { type: "string", describe: "how much it thinks" },
  "timeout-seconds": { type: "number", describe: "longest time of the turn" },
  announce: { type: "boolean", describe: "tell the answer on --channel, or where you wrote last" },
  deliver: { type: "boolean", describe: "the same as --announce; --no-deliver: tell nobody" },
  channel: { type: "string", describe: "channel it is told on, or last" },
  to: { type: "string", describe: "who is told, in the channel's own syntax" },
  account: { type: "string", describe: "account of the channel" },
  "best-effort-deliver": { type: "boolean", describe: "a delivery that fails is no failure of the job" },
  "delete-after-run": { type: "boolean", describe: "remove it once it has run well" },
  "keep-after-run": { type: "boolean", describe: "keep it after it has run" },
};

/** The fields that the flags ask for; only what was given. */
export function fieldsOf(args: CliArgs, now: number): Record<string, unknown> {
  const schedule = scheduleOf(args, now);
  const payload = payloadOf(args);
  const delivery = deliveryOf(args);
  const session = text(args, "session");
  const target = session === undefined || session === "main" || session === "isolated" ? session : `session:${session}`;
  return {
    ...given("name", text(args, "name")),
    ...given("description", text(args, "description")),
    ...given("schedule", schedule),
    ...given("payload", payload),
    ...given("delivery", delivery),
    ...given("sessionTarget", target),
    ...given("wakeMode", text(args, "wake")),
    ...given("agentId", text(args, "agent")),
    ...(args["delete-after-run"] === true && { deleteAfterRun: true }),
    ...(args["keep-after-run"] === true && { deleteAfterRun: false }),
  };
}

function scheduleOf(args: CliArgs, now: number): object | undefined {
  const chosen = ["at", "every", "cron"].filter((name) => text(args, name) !== undefined);
  if (chosen.length > 1) throw usage(`--${chosen.join(" and --")} contradict each other; pass one of them`);
  const [at, every, expr, tz] = ["at", "every", "cron", "tz"].map((name) => text(args, name));
  if (tz !== undefined && expr === undefined) throw usage("--tz goes with --cron");
  if (at !== undefined) return { kind: "at", at: timeOf(at, now) };
  if (every !== undefined) {
    const everyMs = durationMs(every);
    if (everyMs === undefined) throw usage(`--every ${every} is no interval; write 20m, 2h or 1d`);
    if (everyMs < SHORTEST_MS) throw usage(`--every ${every} is too often; 1s is the shortest`);
    return { kind: "every", everyMs };
  }
  return expr === undefined ? undefined : { kind: "cron", expr, ...given("tz", tz) };
}

function timeOf(given: string, now: number): string {
  const after = durationMs(given.replace(/^\+|^in\s+/i, ""));
  const at = after === undefined ? isoMs(given) : now + after;
  if (at === undefined) throw usage(`--at ${given} is no time; write 2026-12-24T18:00:00Z, 20m or +3d`);
  return new Date(at).toISOString();
}

function payloadOf(args: CliArgs): object | undefined {
  const chosen = ["system-event", "message", "webhook", "send"].filter((name) => text(args, name) !== undefined);
  if (chosen.length > 1) throw usage(`--${chosen.join(" and --")} contradict each other; pass one of them`);
  const turn = {
    ...given("model", text(args, "model")),
    ...given("thinking", text(args, "thinking")),
    ...given("timeoutSeconds", args["timeout-seconds"]),
  };
  const value = text(args, chosen[0] ?? "");
  switch (chosen[0]) {
    case "system-event":
      return { kind: "systemEvent", text: value };
    case "message":
      return { kind: "agentTurn", message: value, ...turn };
    case "webhook":
      return { kind: "webhook", url: value };
    case "send":
      return { kind: "message", text: value, ...targetOf(args) };
    default:
      return Object.keys(turn).length > 0 ? { kind: "agentTurn", ...turn } : undefined;
  }
}

function targetOf(args: CliArgs): object {
  return {
    ...given("channel", text(args, "channel")),
    ...given("to", text(args, "to")),
    ...given("accountId", text(args, "account")),
  };
}

function deliveryOf(args: CliArgs): object | undefined {
  if (args["deliver"] === false || args["announce"] === false) return { mode: "none" };
  if (text(args, "send") !== undefined) return undefined;
  const target = targetOf(args);
  const bestEffort = args["best-effort-deliver"] === true ? { bestEffort: true } : {};
  const isAsked = args["announce"] === true || args["deliver"] === true;
  if (!isAsked && Object.keys({ ...target, ...bestEffort }).length === 0) return undefined;
  return { mode: "announce", ...target, ...bestEffort };
}

export function text(args: CliArgs, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function given(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}

export function usage(message: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", hint: "openclaw cron --help" });
}
