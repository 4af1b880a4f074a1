import { GatewayError, LockedError } from "openclaw/plugin-sdk";
import type { Call, ConfigApi, ConfigEdit, ConfigWriteResult, SystemApi } from "openclaw/plugin-sdk";
import { parsePatch, parseRaw } from "./raw.ts";

export interface WriteParams {
  readonly raw: string;
  readonly baseHash?: string;
  /** Told of the restart, when there is one. */
  readonly sessionKey?: string;
  readonly note?: string;
  readonly restartDelayMs?: number;
}

/** What every write answers; `config` hides secrets. */
interface Written {
  readonly ok: true;
  readonly path: string;
  readonly config: unknown;
  readonly hash: string;
  readonly plan: ConfigWriteResult["plan"];
}

/** Somebody else has been writing for so long that this one gave up. */
function busy(error: unknown): never {
  if (!(error instanceof LockedError)) throw error;
  throw new GatewayError("UNAVAILABLE", "config is being written by others; try again", {
    details: { code: "BUSY", pid: error.pid },
    retryable: true,
    cause: error,
  });
}

/** The writing methods: based on a hash, checked whole, audited; nothing is written on any error. */
export function createWriter(config: ConfigApi, system: SystemApi) {
  async function write(edit: (raw: string) => ConfigEdit, params: WriteParams, { client }: Call): Promise<Written> {
    const { raw, baseHash } = params;
    const { path, exists, hash: current, issues } = await config.snapshot();
    if (exists && baseHash === undefined)
      throw new GatewayError("INVALID_REQUEST", "config base hash required; re-run config.get and retry");
    // Asked again when nobody else can write; here those that cannot win keep out of the way of those that can.
    if (exists && baseHash !== current)
      throw new GatewayError("INVALID_REQUEST", "config changed since last load; re-run config.get and retry", {
        details: { code: "CONFLICT" },
      });
    const change = edit(raw);
    if ("patch" in change && issues.length > 0)
      throw new GatewayError("INVALID_REQUEST", "invalid config; fix before patching", {
        details: { code: "CONFIG_INVALID", issues: issues.map((issue) => ({ ...issue })) },
      });
    const actor = client.deviceId ?? client.connect.client.id;
    const options = { actor, ...(baseHash !== undefined && { baseHash }) };
    const { hash, plan } = await config.write(change, options).catch(busy);
    return { ok: true, path, config: (await config.snapshot()).config, hash, plan };
  }

  const whole = (raw: string): ConfigEdit => {
    parseRaw(raw);
    return { raw };
  };

  /** Established callers of `config.patch` and `config.apply` count on a restart, and on hearing of it (protocol.md §9.5). */
  async function andRestart(kind: "config-patch" | "config-apply", written: Written, params: WriteParams) {
    const { sessionKey, note, restartDelayMs } = params;
    const reason = kind.replace("-", ".");
    const scheduled = await system.restart({
      kind,
      reason,
      stats: { mode: reason, root: written.path },
      ...(sessionKey !== undefined && { sessionKey }),
      ...(note !== undefined && { message: note }),
      ...(restartDelayMs !== undefined && { delayMs: restartDelayMs }),
    });
    return { ...written, ...scheduled };
  }

  return {
    set: (params: WriteParams, call: Call) => write(whole, params, call),
    patch: async (params: WriteParams, call: Call) =>
      andRestart("config-patch", await write((raw) => ({ patch: parsePatch(raw) }), params, call), params),
    apply: async (params: WriteParams, call: Call) =>
      andRestart("config-apply", await write(whole, params, call), params),
  };
}
