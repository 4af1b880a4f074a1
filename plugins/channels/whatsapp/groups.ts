import type { GroupMetadata } from "@whiskeysockets/baileys";
import { Recent } from "./recent.ts";

const KEPT = 1_000;
const FRESH_MS = 300_000;

/** Who and what a group is, asked once in five minutes and never waited for: a message must not stand behind a question. */
export class Groups {
  readonly #known = new Recent<GroupMetadata>(KEPT, FRESH_MS);
  readonly #asked = new Set<string>();
  /** Subjects stay true for longer than lists of members. */
  readonly #subjects = new Recent<string>(KEPT);

  get(jid: string): GroupMetadata | undefined {
    return this.#known.get(jid);
  }

  /** What is known now; what is not is asked for the next time. */
  facts(jid: string, ask: (jid: string) => Promise<GroupMetadata>): { subject: string; members: number } | undefined {
    const known = this.#known.get(jid);
    if (known) return { subject: known.subject, members: known.participants.length };
    this.#ask(jid, ask);
    const subject = this.#subjects.get(jid);
    return subject === undefined ? undefined : { subject, members: 0 };
  }

  /** The network says that something changed. */
  changed({ id, subject }: Partial<GroupMetadata>): void {
    if (id === undefined) return;
    this.#known.delete(id);
    if (subject !== undefined) this.#subjects.set(id, subject);
  }

  #ask(jid: string, ask: (jid: string) => Promise<GroupMetadata>): void {
    if (this.#asked.has(jid) || this.#asked.size >= 20) return;
    this.#asked.add(jid);
    void ask(jid)
      .then((metadata) => {
        this.#known.set(jid, metadata);
        this.#subjects.set(jid, metadata.subject);
      })
      // without it the group has no name in the prompt, which the next message asks for again
      .catch(() => undefined)
      .finally(() => this.#asked.delete(jid));
  }
}
