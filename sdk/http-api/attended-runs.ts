import { randomUUID } from "node:crypto";
import type { PluginGateway } from "../gateway.ts";
import { Agents } from "../services/agents.ts";
import type { PendingToolCall, RunRequest } from "../services/agents.ts";
import type { Envelope } from "../services/envelope.ts";
import { Messaging } from "../services/messaging.ts";
import type { MessagingApi, Work } from "../services/messaging.ts";
import type { Session, Usage } from "../services/sessions.ts";
import { ApiError } from "./api-error.ts";
import { GrowingText } from "./growing-text.ts";

/** A run that is asked for by somebody who waits for it. */
export interface AttendedRun extends Pick<Envelope, "channel" | "text" | "sender"> {
  readonly runId: string;
  readonly sessionKey: string;
  readonly media?: Envelope["media"];
  /** Said further to the model than in the message; see {@link RunRequest}. Asked when the turn begins. */
  readonly request: (session: Session) => RunRequest | Promise<RunRequest>;
  /** Such as `model`, `thinking`, `extraSystemPrompt`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The caller hangs up: the run is stopped. */
  readonly signal: AbortSignal;
  /** It is durable and will be run. */
  readonly accepted?: () => void;
  /** More of its text. */
  readonly said?: (delta: string) => void;
}

export interface RunEnd {
  readonly work: Work;
  /** All of its text, as it was told by `said`; of a command, what it answered. */
  readonly text: string;
  readonly pending: readonly PendingToolCall[];
  /** Why the model stopped. */
  readonly stopReason: string;
  readonly usage: Pick<Usage, "input" | "output" | "cacheRead" | "cacheWrite" | "reasoning">;
}

interface Live {
  readonly run: AttendedRun;
  readonly growing: GrowingText;
  /** Ends the waiting, not the run. */
  readonly leave: AbortController;
}

const NO_USAGE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** Runs that a program waits for, of one plugin. They go through `messaging` as every message does. */
export class AttendedRuns {
  readonly #messaging: MessagingApi;
  readonly #live: Map<string, Live>;

  constructor(gateway: PluginGateway) {
    this.#messaging = gateway.use(Messaging);
    // What one generation has begun, the next one is asked about.
    this.#live = gateway.keep("attended-runs", () => new Map<string, Live>());
    const agents = gateway.hooks.of(Agents);
    agents.asked.tap(({ runId, session }) => this.#live.get(runId)?.run.request(session));
    agents.runEvent.tap((event) => {
      const live = this.#live.get(event.runId);
      const delta = live?.growing.take(event);
      if (delta) live?.run.said?.(delta);
    });
    gateway.hooks.stopping.tap(() => {
      for (const { leave } of this.#live.values()) leave.abort(new ApiError(503, "the gateway is stopping"));
    });
  }

  /** Resolves with the end of the run, also of one that failed. Rejects when it was never begun, or the gateway stops. */
  async run(run: AttendedRun): Promise<RunEnd> {
    const { runId, sessionKey, signal } = run;
    const live: Live = { run, growing: new GrowingText(), leave: new AbortController() };
    this.#live.set(runId, live);
    const stop = () => void this.#messaging.abort(sessionKey, runId);
    try {
      const { work } = await this.#messaging.accept(envelopeOf(run));
      run.accepted?.();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      return endOf(await this.#messaging.ended(work.id, live.leave.signal), live.growing.text);
    } finally {
      signal.removeEventListener("abort", stop);
      this.#live.delete(runId);
    }
  }
}

function envelopeOf({ runId, sessionKey, channel, text, sender, media, options }: AttendedRun): Envelope {
  return {
    channel,
    messageId: runId,
    runId,
    sessionKey,
    chatId: sessionKey,
    chatType: "direct",
    text,
    sender,
    ...(media && media.length > 0 && { media }),
    // Whoever asks waits for the answer to this and to nothing else.
    options: { ...options, attended: true, ownTurn: true },
  };
}

function endOf(work: Work, streamed: string): RunEnd {
  const { payloads = [], meta = {} } = work.result ?? {};
  const { usage } = (meta["agentMeta"] ?? {}) as { readonly usage?: RunEnd["usage"] };
  const pending = (meta["pendingToolCalls"] ?? []) as readonly PendingToolCall[];
  return {
    work,
    text: streamed === "" ? payloads.map(({ text }) => text).join("\n\n") : streamed,
    pending,
    stopReason: String(meta["stopReason"] ?? "stop"),
    usage: usage ?? NO_USAGE,
  };
}

/** An id of an answer, in the spelling of its API: `chatcmpl_<uuid>`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID()}`;
}
