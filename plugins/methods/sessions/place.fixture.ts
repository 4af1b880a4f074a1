// The sessions plugin on a store, for the tests beside it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestContext } from "node:test";
import { Sessions, Store } from "openclaw/plugin-sdk";
import type { Plugin, ServiceToken, SessionsApi, TranscriptMessage } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import type { TestHost } from "openclaw/plugin-sdk/testing";
import plugin from "./index.ts";

export interface Place extends AsyncDisposable {
  readonly host: TestHost;
  readonly sessions: SessionsApi;
}

/** A state directory that goes with the test. */
export function stateDirOf(context: TestContext): string {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-sessions-"));
  context.after(() => rmSync(stateDir, { recursive: true, force: true }));
  return stateDir;
}

/** The plugin and its store as a gateway with this state directory runs them. */
export async function startSessions(
  stateDir: string,
  settings: object = {},
  others: readonly (readonly [ServiceToken<object>, object])[] = [],
): Promise<Place> {
  const storeHost = await createTestHost(await storePlugin(), { stateDir, manifest: { id: "store" } });
  const services = [[Store, storeHost.use(Store)], ...others] as const;
  const host = await createTestHost(plugin, { stateDir, settings, services, manifest: { id: "sessions" } });
  return {
    host,
    sessions: host.use(Sessions),
    async [Symbol.asyncDispose]() {
      await host.close();
      await storeHost.close();
    },
  };
}

export function userMessage(text: string): TranscriptMessage {
  return { role: "user", content: [{ type: "text", text }], timestamp: 1_767_225_600_000 };
}

/** Found by its folder, the way a gateway finds it: no plugin imports another one. */
async function storePlugin(): Promise<Plugin> {
  const file = join(import.meta.dirname, "..", "store", "index.ts");
  const loaded = (await import(pathToFileURL(file).href)) as { default: Plugin };
  return loaded.default;
}
