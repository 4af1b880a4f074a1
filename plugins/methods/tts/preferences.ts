import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { isProviderId } from "./providers.ts";
import type { ProviderId } from "./providers.ts";

/** What people chose at run time; it goes before the configuration (state.md §1, `settings/tts.json`). */
export interface Preferences {
  readonly auto?: "off" | "always";
  readonly provider?: ProviderId;
}

export class PreferencesFile {
  readonly path: string;
  readonly #log: Logger;

  constructor(path: string, log: Logger) {
    this.path = path;
    this.#log = log;
  }

  /** Read anew each time: the file is there for other programs to edit too. */
  async read(): Promise<Preferences> {
    const text = await readFile(this.path, "utf8").catch(() => undefined);
    if (text === undefined) return {};
    try {
      const { tts = {} } = JSON.parse(text) as { tts?: { auto?: unknown; provider?: unknown } };
      return {
        ...((tts.auto === "off" || tts.auto === "always") && { auto: tts.auto }),
        ...(isProviderId(tts.provider) && { provider: tts.provider }),
      };
    } catch (error) {
      this.#log.warn(`${this.path} is not readable; it counts as empty`, { err: error });
      return {};
    }
  }

  async change(change: Preferences): Promise<void> {
    const tts = { ...(await this.read()), ...change };
    await writeFileAtomic(this.path, `${JSON.stringify({ tts }, null, 2)}\n`);
  }
}
