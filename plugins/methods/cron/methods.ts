import { closed, NonEmptyString, oneOf, Type } from "openclaw/plugin-sdk";
import type { PluginGateway, TSchema } from "openclaw/plugin-sdk";
import type { Fields } from "./job/fields.ts";
import { JobView, RunEntry } from "./job/shape.ts";
import { idOf } from "./service.ts";
import type { CronService } from "./service.ts";

const Id = Type.String({ minLength: 1, maxLength: 200 });

/** Callers name a job by `id` or by `jobId`. */
function byId<T extends Record<string, TSchema>>(more: T) {
  return Type.Union([closed({ id: Id, ...more }), closed({ jobId: Id, ...more })]);
}

const Patch = Type.Object({}, { additionalProperties: true });
const Ran = Type.Union([
  Type.Object({ ok: Type.Literal(true), ran: Type.Literal(true), runId: Type.Optional(NonEmptyString) }),
  Type.Object({
    ok: Type.Literal(true),
    ran: Type.Literal(false),
    reason: oneOf(["not-due", "already-running"]),
  }),
]);

/** `cron.*` (cron.md §5). Which fields a job has is checked when it is brought into one form: it may come in several. */
export function registerMethods(gateway: PluginGateway, service: () => Promise<CronService>): void {
  gateway.method({
    name: "cron.status",
    scope: "operator.read",
    params: closed({}),
    result: Type.Object({
      enabled: Type.Boolean(),
      storePath: Type.String(),
      jobs: Type.Integer(),
      nextWakeAtMs: Type.Union([Type.Integer(), Type.Null()]),
    }),
    handle: async () => (await service()).status(),
  });
  gateway.method({
    name: "cron.list",
    scope: "operator.read",
    params: closed({ includeDisabled: Type.Optional(Type.Boolean()) }),
    result: Type.Object({ jobs: Type.Array(JobView) }),
    handle: async (params) => ({ jobs: await (await service()).list(params) }),
  });
  gateway.method({
    name: "cron.add",
    scope: "operator.admin",
    params: Type.Object({}, { additionalProperties: true }),
    result: JobView,
    handle: async (params) => (await service()).add(params as Fields),
  });
  gateway.method({
    name: "cron.update",
    scope: "operator.admin",
    params: byId({ patch: Patch }),
    result: JobView,
    handle: async (params) => (await service()).update(idOf(params), params.patch as Fields),
  });
  gateway.method({
    name: "cron.remove",
    scope: "operator.admin",
    params: byId({}),
    result: Type.Object({ ok: Type.Literal(true), removed: Type.Boolean() }),
    handle: async (params) => ({ ok: true as const, ...(await (await service()).remove(idOf(params))) }),
  });
  gateway.method({
    name: "cron.run",
    scope: "operator.admin",
    timeoutMs: 0,
    params: byId({ mode: Type.Optional(oneOf(["due", "force"])), wait: Type.Optional(Type.Boolean()) }),
    result: Ran,
    handle: async (params) => {
      const { mode = "force", wait = true } = params;
      return (await service()).run(idOf(params), mode, { wait });
    },
  });
  gateway.method({
    name: "cron.runs",
    scope: "operator.read",
    params: byId({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })) }),
    result: Type.Object({ entries: Type.Array(RunEntry) }),
    handle: async (params) => ({ entries: await (await service()).entries(idOf(params), params.limit) }),
  });
}
