import { errorText, wrapUntrusted } from "openclaw/plugin-sdk";
import type { MessagingApi, PluginGateway, SystemEventsApi, Work } from "openclaw/plugin-sdk";

interface HookMark {
  readonly name: string;
  readonly wakeMode: "now" | "next-heartbeat";
  readonly mainKey: string;
  /** What it was told was not written by somebody outside. */
  readonly isSafe?: boolean;
}

const MAX_SUMMARY = 2_000;

/** Tells the main session how each run of a webhook ended, also of those that an earlier process began. */
export class Endings {
  readonly #gateway: PluginGateway;
  readonly #messaging: MessagingApi;
  readonly #events: SystemEventsApi;
  readonly #followed = new Set<string>();

  constructor(gateway: PluginGateway, messaging: MessagingApi, events: SystemEventsApi) {
    this.#gateway = gateway;
    this.#messaging = messaging;
    this.#events = events;
  }

  /** Once per run, however often it is asked. */
  follow(work: Work): void {
    if (this.#followed.has(work.id)) return;
    this.#followed.add(work.id);
    void this.#tell(work)
      .catch((error: unknown) => {
        // The next generation, or the next start, follows it.
        if (!this.#gateway.signal.aborted)
          this.#gateway.log.error(`the end of ${work.runId} was not told: ${errorText(error)}`);
      })
      .finally(() => this.#followed.delete(work.id));
  }

  async resume(): Promise<void> {
    for (const work of await this.#messaging.unfinished()) if (markOf(work)) this.follow(work);
  }

  async #tell(begun: Work): Promise<void> {
    const mark = markOf(begun);
    if (!mark) return;
    const { name, wakeMode, mainKey, isSafe = false } = mark;
    const ended = await this.#messaging.ended(begun.id, this.#gateway.signal);
    const { text, isError } = summaryOf(ended);
    // Silence is an answer that nobody has to hear.
    if (text === "") return;
    const line = `Hook ${name}${isError ? " (error)" : ""}: ${text}`;
    // Whoever had it said may have had it named, too: the owner's next turn takes no orders from there (security.md S-42).
    await this.#events.enqueue(isSafe ? line : wrapUntrusted(line, "a webhook"), {
      sessionKey: mainKey,
      contextKey: `hook:${name}`,
      isUntrusted: !isSafe,
    });
    if (wakeMode === "now") this.#events.wake({ mode: "now", reason: `hook:${name}`, sessionKey: mainKey });
  }
}

/** What a run came to, for people and for the main session. */
export function summaryOf({ state, result, reason }: Work): { readonly text: string; readonly isError: boolean } {
  const isError = result?.status !== "ok";
  const said = isError
    ? (result?.error?.message ?? reason ?? state)
    : result.payloads.map(({ text }) => text).join("\n\n");
  return { text: said.trim().slice(0, MAX_SUMMARY), isError };
}

function markOf({ envelope }: Work): HookMark | undefined {
  return envelope.options?.["hook"] as HookMark | undefined;
}
