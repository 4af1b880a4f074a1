import { errorText } from "openclaw/plugin-sdk";
import type { ModelCandidate, ModelFailure, PluginGateway, Session, SessionsApi } from "openclaw/plugin-sdk";
import type { Behind } from "./candidates.ts";
import { afterFailure, afterSuccess } from "./cooldown.ts";
import type { ProfileStore } from "./profile-store.ts";
import type { ModelSettings } from "./setting.ts";

const WRITE_AFTER_MS = 2_000;

/** Books how attempts ended: cool-downs at once, what went well a little later and together. */
export class Outcomes {
  readonly #gateway: PluginGateway;
  readonly #settings: ModelSettings;
  readonly #sessions: SessionsApi;
  readonly #pending = new Set<ProfileStore>();
  #timer: NodeJS.Timeout | undefined;

  constructor(gateway: PluginGateway, settings: ModelSettings, sessions: SessionsApi) {
    this.#gateway = gateway;
    this.#settings = settings;
    this.#sessions = sessions;
    gateway.own("figures of credentials", () => this.flush());
  }

  note(
    candidate: ModelCandidate,
    { store, credential, hasChoice }: Behind,
    outcome: "ok" | ModelFailure,
    session: Session | undefined,
  ): void {
    const now = Date.now();
    const { provider } = candidate;
    const before = store.stats(credential.id);
    if (outcome === "ok") {
      store.note(credential.id, afterSuccess(now), credential.isProfile ? provider : undefined);
      if (hasChoice && credential.isProfile && session) this.#pin(session, credential.id);
    } else {
      const after = afterFailure(before, outcome, provider, this.#settings.cooldowns(), now);
      if (after === before) return;
      store.note(credential.id, after);
    }
    if (!credential.isProfile) return;
    this.#pending.add(store);
    if (outcome !== "ok") void this.flush();
    else this.#timer ??= this.#gateway.setTimeout(() => void this.flush(), WRITE_AFTER_MS);
  }

  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = undefined;
    const stores = [...this.#pending];
    this.#pending.clear();
    for (const store of stores) {
      try {
        await store.flush();
      } catch (error) {
        // The turn has its answer; without the figures the next one only chooses less well.
        this.#gateway.log.warn(`cannot write ${store.file.path}: ${errorText(error)}`);
      }
    }
  }

  /** The session stays with what worked, until it is reset or compacted (agent.md §7.3). */
  #pin({ key, entry }: Session, id: string): void {
    const compactionCount = entry["compactionCount"] ?? 0;
    const isPinned =
      entry["authProfileOverride"] === id && entry["authProfileOverrideCompactionCount"] === compactionCount;
    if (isPinned || entry["authProfileOverrideSource"] === "user") return;
    void this.#sessions
      .update(key, (now) =>
        now["authProfileOverrideSource"] === "user"
          ? {}
          : {
              authProfileOverride: id,
              authProfileOverrideSource: "auto",
              authProfileOverrideCompactionCount: compactionCount,
            },
      )
      .catch((error: unknown) => this.#gateway.log.warn(`cannot pin ${id} to ${key}: ${errorText(error)}`));
  }
}
