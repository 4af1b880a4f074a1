import type { UsageStats } from "./cooldown.ts";
import { isProfile, ProfileFile } from "./profile-file.ts";
import type { Profile } from "./profile-file.ts";

/** The credentials of one agent: its own file, behind it the one for all agents, and figures not written yet. */
export class ProfileStore {
  readonly file: ProfileFile;
  readonly #shared: ProfileFile;
  readonly #stats = new Map<string, UsageStats>();
  readonly #lastGood = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(agentDir: string, sharedDir: string) {
    this.file = new ProfileFile(agentDir);
    this.#shared = new ProfileFile(sharedDir);
  }

  profiles(): ReadonlyMap<string, Profile> {
    const all = { ...this.#shared.read().profiles, ...this.file.read().profiles };
    return new Map(Object.entries(all).filter(([, profile]) => isProfile(profile)));
  }

  /** The file that a credential is in; the agent's own goes before the one for all. */
  fileOf(id: string): ProfileFile {
    return !Object.hasOwn(this.file.read().profiles, id) && Object.hasOwn(this.#shared.read().profiles, id)
      ? this.#shared
      : this.file;
  }

  /** Ids in the order that the owner of the file wants. */
  order(provider: string): readonly string[] {
    return this.file.read().order?.[provider] ?? this.#shared.read().order?.[provider] ?? [];
  }

  lastGood(provider: string): string | undefined {
    return this.#lastGood.get(provider) ?? this.file.read().lastGood?.[provider];
  }

  /** Also for credentials that are in no file, such as a key of the environment: those figures go with the process. */
  stats(id: string): UsageStats {
    return this.#stats.get(id) ?? this.file.read().usageStats?.[id] ?? {};
  }

  note(id: string, stats: UsageStats, goodFor?: string): void {
    this.#stats.set(id, stats);
    if (goodFor !== undefined) this.#lastGood.set(goodFor, id);
  }

  get isChanged(): boolean {
    return this.#stats.size > 0;
  }

  /** Writes the figures of credentials that are in a file. Writes queue up. */
  flush(): Promise<void> {
    const next = this.#writing.then(() => this.#flush());
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async #flush(): Promise<void> {
    const known = this.profiles();
    const stats = [...this.#stats].filter(([id]) => known.has(id));
    if (stats.length === 0) return;
    const good = [...this.#lastGood].filter(([, id]) => known.has(id));
    await this.file.update((data) => ({
      ...data,
      usageStats: { ...data.usageStats, ...Object.fromEntries(stats) },
      ...(good.length > 0 && { lastGood: { ...data.lastGood, ...Object.fromEntries(good) } }),
    }));
    // What was noted during the write stays for the next one.
    for (const [id, written] of stats) if (this.#stats.get(id) === written) this.#stats.delete(id);
  }
}
