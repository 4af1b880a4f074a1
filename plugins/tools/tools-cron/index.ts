import {
  Agents,
  Cron,
  definePlugin,
  GatewayError,
  isProvided,
  jsonResult,
  oneOf,
  SystemEvents,
  Type,
} from "openclaw/plugin-sdk";
import type { Static, ToolContext, ToolResult } from "openclaw/plugin-sdk";

const Facts = Type.Object({}, { additionalProperties: true });

const CronParameters = Type.Object({
  action: oneOf(["status", "list", "add", "update", "remove", "run", "runs", "wake"]),
  jobId: Type.Optional(Type.String({ minLength: 1 })),
  includeDisabled: Type.Optional(Type.Boolean()),
  job: Type.Optional(Facts),
  patch: Type.Optional(Facts),
  force: Type.Optional(Type.Boolean({ description: "run: also when it is not due" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  text: Type.Optional(Type.String({ maxLength: 10_000, description: "wake: what to be told" })),
  mode: Type.Optional(oneOf(["now", "next-heartbeat"])),
});

const JOB = `A job: { name, schedule, sessionTarget, payload, delivery? }. schedule is { kind: "at", at: "2026-01-31T09:00:00Z" }, { kind: "every", everyMs } or { kind: "cron", expr, tz? }. sessionTarget "main" takes payload { kind: "systemEvent", text }, "isolated" takes { kind: "agentTurn", message }.`;

export default definePlugin((gateway) => {
  const cron = gateway.use(Cron);
  const events = gateway.use(SystemEvents);

  gateway.hooks
    .of(Agents)
    .tool.for("cron")
    .tap(
      {
        label: "Cron",
        description: `Plan something for later or for again and again: status, list, add, update, remove, run, runs, wake. ${JOB}`,
        parameters: CronParameters,
        isAvailable: () => isProvided(cron),
      },
      // The arguments were checked against the schema before the tool is called.
      (call) => act(call, call.arguments as Static<typeof CronParameters>),
    );

  async function act(call: ToolContext, args: Static<typeof CronParameters>): Promise<ToolResult> {
    const { action, job, patch, includeDisabled = false, force = false, limit = 20 } = args;
    const { agentId, sessionKey, isOwner } = call;
    const author = { agentId, sessionKey, isOwner };
    switch (action) {
      case "status":
        return jsonResult(await cron.status());
      case "list":
        return jsonResult({ jobs: await cron.list({ includeDisabled, author }) });
      case "add":
        if (!job) throw refused("add needs job");
        return jsonResult(await cron.add({ agentId, ...job }, author));
      case "update":
        if (!patch) throw refused("update needs patch");
        return jsonResult(await cron.update(await mine(call, args.jobId), patch, author));
      case "remove":
        return jsonResult(await cron.remove(await mine(call, args.jobId)));
      case "run":
        return jsonResult(await cron.run(await mine(call, args.jobId), force ? "force" : "due"));
      case "runs":
        return jsonResult({ runs: await cron.runs(await mine(call, args.jobId), limit) });
      case "wake":
        return wake(call, args);
    }
  }

  async function wake(
    { sessionKey, isOwner }: ToolContext,
    { text, mode = "next-heartbeat" }: Static<typeof CronParameters>,
  ) {
    if (text === undefined || text.trim() === "") throw refused("wake needs text");
    await events.enqueue(text, { sessionKey, isUntrusted: !isOwner });
    events.wake({ mode, reason: "wake", sessionKey });
    return jsonResult({ ok: true });
  }

  /** The id of a job that this turn may change; others do not exist for it. */
  async function mine(call: ToolContext, id: string | undefined): Promise<string> {
    if (id === undefined) throw refused("this action needs jobId; see cron list");
    const { agentId, sessionKey, isOwner } = call;
    const known = await cron.list({ includeDisabled: true, author: { agentId, sessionKey, isOwner } });
    if (!known.some((job) => job.id === id)) throw refused(`there is no job "${id}"; see cron list`);
    return id;
  }
});

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
