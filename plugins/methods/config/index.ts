import { closed, Config, definePlugin, GatewayError, System, Type } from "openclaw/plugin-sdk";
import type { ConfigIssue } from "openclaw/plugin-sdk";
import { parsePatch, parseRaw } from "./raw.ts";
import { createWriter } from "./write.ts";
import { PlanShape, RestartingShape, SchemaShape, SnapshotShape, ValidatedShape, WrittenShape } from "./shape.ts";

const RAW = Type.String({ minLength: 1, maxLength: 4_194_304 });
const BaseHash = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }));
const Restarting = closed({
  raw: RAW,
  baseHash: BaseHash,
  sessionKey: Type.Optional(Type.String({ maxLength: 512 })),
  note: Type.Optional(Type.String({ maxLength: 8_000 })),
  restartDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
});

export default definePlugin((gateway) => {
  const config = gateway.use(Config);
  const writer = createWriter(config, gateway.use(System));
  const { version } = gateway;

  gateway.method({
    name: "config.get",
    scope: "operator.admin",
    params: closed({}),
    result: SnapshotShape,
    handle: async () => ({ ...(await config.snapshot()), legacyIssues: [] }),
  });
  gateway.method({
    name: "config.set",
    scope: "operator.admin",
    params: closed({ raw: RAW, baseHash: BaseHash }),
    result: WrittenShape,
    handle: writer.set,
  });
  gateway.method({
    name: "config.patch",
    scope: "operator.admin",
    params: Restarting,
    result: RestartingShape,
    handle: writer.patch,
  });
  gateway.method({
    name: "config.apply",
    scope: "operator.admin",
    params: Restarting,
    result: RestartingShape,
    handle: writer.apply,
  });
  gateway.method({
    name: "config.plan",
    scope: "operator.admin",
    params: closed({ raw: RAW }),
    result: PlanShape,
    handle: ({ raw }) => config.plan({ patch: parsePatch(raw) }),
  });
  gateway.method({
    name: "config.validate",
    scope: "operator.admin",
    params: closed({ raw: RAW }),
    result: ValidatedShape,
    async handle({ raw }): Promise<{ valid: boolean; issues: readonly ConfigIssue[] }> {
      parseRaw(raw);
      try {
        await config.plan({ raw });
        return { valid: true, issues: [] };
      } catch (error) {
        const issues = error instanceof GatewayError ? error.details?.["issues"] : undefined;
        if (issues === undefined) throw error;
        return { valid: false, issues: issues as readonly ConfigIssue[] };
      }
    },
  });
  gateway.method({
    name: "config.schema",
    scope: "operator.admin",
    params: closed({}),
    result: SchemaShape,
    handle: () => ({ ...config.schema(), version, generatedAt: new Date().toISOString() }),
  });
});
