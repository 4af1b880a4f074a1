import { errorText } from "openclaw/plugin-sdk";
import type { Logger, Settings } from "openclaw/plugin-sdk";
import { envOf, isWanted, whyNot } from "./consent.ts";
import { hears } from "./event.ts";
import type { HookEvent, HookHandler } from "./event.ts";
import { discoverHooks } from "./hook.ts";
import type { Hook, HookFolder } from "./hook.ts";

interface Loaded {
  readonly hook: Hook;
  readonly handle: HookHandler;
}

export interface RunnerParts {
  readonly settings: Settings;
  readonly log: Logger;
  readonly folders: () => readonly HookFolder[];
}

const LIMIT_MS = 30_000;

/** Runs the scripts that the owner has enabled. A script that throws, hangs or cannot be loaded harms nobody else. */
export class HookRunner {
  readonly #parts: RunnerParts;
  #loaded: Promise<readonly Loaded[]> | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Look again at what is enabled, with the code as it is now. */
  reload(): void {
    this.#loaded = undefined;
  }

  /** Resolves when every script that hears of it has ended, or has had its time. Never rejects. */
  async fire(event: HookEvent): Promise<void> {
    const loaded = await (this.#loaded ??= this.#load());
    const told = loaded.filter(({ hook }) => hears(hook.events, event));
    // Where each may change what the next one sees, they take turns.
    if ("bootstrapFiles" in event.context) for (const one of told) await this.#run(one, event);
    else await Promise.all(told.map((one) => this.#run(one, event)));
  }

  async #run({ hook, handle }: Loaded, event: HookEvent): Promise<void> {
    const { log, settings } = this.#parts;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end within ${LIMIT_MS / 1_000} s`)), LIMIT_MS);
      timer.unref(); // a script that hangs keeps no process alive
    });
    try {
      const context: Record<string, unknown> = { ...event.context, env: envOf(hook, settings) };
      await Promise.race([Promise.resolve(handle({ ...event, context })), late]);
      // The one thing that a script can change.
      if ("bootstrapFiles" in event.context) event.context["bootstrapFiles"] = context["bootstrapFiles"];
    } catch (error) {
      log.warn(`event script "${hook.name}" failed at ${event.type}:${event.action}: ${errorText(error)}`, {
        err: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #load(): Promise<readonly Loaded[]> {
    const { settings, log, folders } = this.#parts;
    // Nothing is read while it is off.
    if (settings.get<boolean>("hooks.internal.enabled") !== true) return [];
    const loaded: Loaded[] = [];
    for (const hook of await discoverHooks(folders())) {
      const reason = whyNot(hook, settings);
      if (reason !== undefined) {
        if (isWanted(hook, settings)) log.warn(`event script "${hook.name}" does not run: it ${reason}`);
        continue;
      }
      try {
        loaded.push({ hook, handle: await importHandler(hook.handlerPath as string) });
      } catch (error) {
        log.warn(`event script "${hook.name}" cannot be loaded: ${errorText(error)}`, { err: error });
      }
    }
    return loaded;
  }
}

async function importHandler(path: string): Promise<HookHandler> {
  const { createJiti } = await import("jiti");
  const jiti = createJiti(path, { moduleCache: false, fsCache: false });
  const module = await jiti.import<unknown>(path, { default: true });
  if (typeof module !== "function") throw new Error("its handler exports no function as default");
  return module as HookHandler;
}
