import { closed, Config, definePlugin, GatewayError, Type } from "openclaw/plugin-sdk";
import type { Call, ConfigEdit, ConfigWriteResult } from "openclaw/plugin-sdk";
import JSON5 from "json5";

const BASE_HASH_TEXT = "config base hash required; re-run config.get and retry";
const RAW = Type.String({ maxLength: 4_194_304 });
const BaseHash = Type.Optional(Type.String({ maxLength: 128 }));

export default definePlugin((gateway) => {
  const config = gateway.use(Config);
  const { version } = gateway;

  gateway.method({
    name: "config.get",
    scope: "operator.admin",
    params: closed({}),
    handle: async () => ({ ...(await config.snapshot()), legacyIssues: [] }),
  });
  gateway.method({
    name: "config.set",
    scope: "operator.admin",
    params: closed({ raw: RAW, baseHash: BaseHash }),
    handle: ({ raw, baseHash }, call) => write({ raw }, baseHash, call),
  });
  gateway.method({
    name: "config.patch",
    scope: "operator.admin",
    params: closed({
      raw: RAW,
      baseHash: BaseHash,
      sessionKey: Type.Optional(Type.String()),
      note: Type.Optional(Type.String()),
      restartDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    handle: ({ raw, baseHash }, call) => write({ patch: parsePatch(raw) }, baseHash, call),
  });
  gateway.method({
    name: "config.plan",
    scope: "operator.admin",
    params: closed({ raw: RAW }),
    handle: ({ raw }) => config.plan({ patch: parsePatch(raw) }),
  });
  gateway.method({
    name: "config.schema",
    scope: "operator.admin",
    params: closed({}),
    handle: () => ({ ...config.schema(), version, generatedAt: new Date().toISOString() }),
  });

  async function write(edit: ConfigEdit, baseHash: string | undefined, { client }: Call): Promise<object> {
    const { path, exists } = await config.snapshot();
    if (exists && baseHash === undefined) throw new GatewayError("INVALID_REQUEST", BASE_HASH_TEXT);
    const actor = client.deviceId ?? client.connect.client.id;
    const { hash, plan }: ConfigWriteResult = await config.write(edit, {
      actor,
      ...(baseHash !== undefined && { baseHash }),
    });
    const after = await config.snapshot();
    return { ok: true, path, config: after.config, hash, plan };
  }
});

function parsePatch(raw: string): object {
  let value: unknown;
  try {
    value = JSON5.parse(raw);
  } catch (cause) {
    throw new GatewayError("INVALID_REQUEST", (cause as Error).message, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new GatewayError("INVALID_REQUEST", "config.patch raw must be an object");
}
