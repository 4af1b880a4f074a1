import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError, Type, writeFileAtomic } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { TriggersShape } from "./shape.ts";

const DEFAULTS: readonly string[] = ["openclaw", "claude", "computer"];
const MAX_TRIGGERS = 32;
const MAX_LENGTH = 64;

/** The words of every device are kept in one place (protocol.md §9.12, state.md §1). */
export function registerVoiceWake(gateway: PluginGateway): void {
  const path = join(gateway.paths.stateDir, "settings", "voicewake.json");
  const emit = gateway.event<{ triggers: readonly string[] }>("voicewake.changed", {
    droppable: true,
    payload: TriggersShape,
  });
  let known: Promise<readonly string[]> | undefined;

  const read = () => (known ??= readTriggers(path, gateway));

  gateway.method({
    name: "voicewake.get",
    scope: "operator.read",
    params: Type.Object({}),
    result: TriggersShape,
    handle: async () => ({ triggers: await read() }),
  });
  gateway.method({
    name: "voicewake.set",
    scope: "operator.write",
    params: Type.Object({ triggers: Type.Optional(Type.Unknown()) }),
    result: TriggersShape,
    async handle({ triggers: given }) {
      if (!isTexts(given)) throw new GatewayError("INVALID_REQUEST", "voicewake.set requires triggers: string[]");
      const triggers = tidy(given);
      await writeFileAtomic(path, `${JSON.stringify({ triggers, updatedAtMs: Date.now() }, null, 2)}\n`);
      known = Promise.resolve(triggers);
      emit({ triggers });
      return { triggers };
    },
  });
  // A device that was away hears what the others have heard.
  gateway.hooks.connected.tap(({ role, connId }) => {
    if (role === "node") void read().then((triggers) => emit({ triggers }, { to: [connId] }));
  });
}

async function readTriggers(path: string, { log }: PluginGateway): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return DEFAULTS;
  try {
    const { triggers } = JSON.parse(text) as { triggers?: unknown };
    if (isTexts(triggers)) return tidy(triggers);
  } catch {
    // Said below, like any other content that is of no use.
  }
  log.warn(`${path} is not readable; the default wake words count until some are set`);
  return DEFAULTS;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((member) => typeof member === "string");
}

/** Blank ones left out; none at all means the defaults. */
function tidy(triggers: readonly string[]): readonly string[] {
  const words = triggers.map((trigger) => trigger.trim().slice(0, MAX_LENGTH)).filter((word) => word !== "");
  return words.length > 0 ? words.slice(0, MAX_TRIGGERS) : DEFAULTS;
}
