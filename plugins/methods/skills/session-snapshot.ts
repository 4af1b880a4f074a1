import { existsSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { errorText, isProvided, writeFileAtomic } from "openclaw/plugin-sdk";
import type { Logger, SessionsApi, SkillsSnapshot } from "openclaw/plugin-sdk";

const REMEMBERED = 2_000;

/**
 * Which skills each session has been told of: in its entry by name, the text once per content beside the transcripts
 * (sessions.md §2). Written when it changes, not at every turn.
 */
export class SessionSnapshots {
  readonly #sessions: SessionsApi;
  readonly #log: Logger;
  readonly #told = new Map<string, string>();

  constructor(sessions: SessionsApi, log: Logger) {
    this.#sessions = sessions;
    this.#log = log;
  }

  /** Never rejects: a turn does not fail for the record of it. Begins once the turn has gone on to its model. */
  async tell(sessionKey: string, agentId: string, { version, hash, prompt, skills }: SkillsSnapshot): Promise<void> {
    if (this.#told.get(sessionKey) === hash) return;
    if (this.#told.size >= REMEMBERED) this.#told.delete(this.#told.keys().next().value as string);
    this.#told.set(sessionKey, hash);
    await setImmediate();
    try {
      const session = await this.#sessions.get(sessionKey);
      const known = session?.entry["skillsSnapshot"] as { readonly hash?: unknown } | undefined;
      if (known?.hash === hash) return;
      const names = skills.map(({ name }) => ({ name }));
      const path = join(this.#sessions.directory(agentId), `skills-${hash}.json`);
      if (prompt !== "" && !existsSync(path)) {
        await writeFileAtomic(path, `${JSON.stringify({ version, hash, prompt, skills }, null, 2)}\n`, {
          fsync: false,
        });
      }
      await this.#sessions.update(sessionKey, () => ({ skillsSnapshot: { version, hash, skills: names } }));
    } catch (error) {
      this.#told.delete(sessionKey);
      // A gateway that stops takes the sessions away first; the next turn records it.
      if (!isProvided(this.#sessions)) return;
      this.#log.warn(`cannot record the skills of a session: ${errorText(error)}`, { err: error });
    }
  }

  forget(sessionKey: string): void {
    this.#told.delete(sessionKey);
  }
}
