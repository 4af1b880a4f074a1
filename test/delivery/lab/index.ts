import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { definePlugin, Messaging, Type } from "openclaw/plugin-sdk";
import type { ChannelContext, ChannelDef, DeliveryOutcome, Envelope, OutboxEntry } from "openclaw/plugin-sdk";

type Traits = Pick<ChannelDef, "repeatsSafely" | "limits" | "capabilities"> & {
  readonly lookBack?: DeliveryOutcome;
  /** It links accounts, by this code; the second who waits is told that it is linked. */
  readonly login?: string;
  /** Attachments that can be downloaded, by `ref`. */
  readonly files?: Readonly<Record<string, File>>;
};

interface File {
  readonly base64?: string;
  /** So many bytes of nothing, however many were said. */
  readonly zeros?: number;
  readonly fail?: string;
  readonly contentType?: string;
  readonly fileName?: string;
}
type Step = (DeliveryOutcome & { readonly afterMs?: number }) | { readonly hang: true } | { readonly fail: string };

/** A chat network that does what a script says: what comes in and how sends end is told by methods. */
export default definePlugin((gateway) => {
  const contexts = new Map<string, ChannelContext>();
  const sent = gateway.keep<object[]>("sent", () => []);
  const shown: object[] = [];
  const starts: string[] = [];
  let script: Step[] = [];
  let waits = 0;
  const traits = gateway.settings.get<Traits>("channels.lab.traits") ?? {};

  async function deliver(entry: OutboxEntry, { accountId }: { readonly accountId: string }): Promise<DeliveryOutcome> {
    const step = script.shift() ?? { outcome: "sent", messageId: `lab-${sent.length + 1}` };
    if ("hang" in step) return new Promise(() => undefined);
    if ("fail" in step) throw new Error(step.fail);
    if (step.afterMs !== undefined) await delay(step.afterMs);
    const { id, address, payload } = entry;
    const media = entry.media?.map(({ path, ...facts }) => ({ ...facts, path, text: readFileSync(path, "latin1") }));
    sent.push({
      id,
      accountId,
      to: address.to,
      threadId: address.threadId,
      payload,
      outcome: step.outcome,
      ...(media && { media }),
    });
    return step;
  }

  async function* bytesOf({ base64, zeros = 0, fail }: File): AsyncGenerator<Uint8Array> {
    if (base64 !== undefined) yield Buffer.from(base64, "base64");
    for (let left = zeros; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536));
    if (fail !== undefined) throw new Error(fail);
  }

  const { lookBack, files } = traits;
  const channel: ChannelDef = {
    label: "Lab",
    ...traits,
    lookBack: undefined,
    async start(context) {
      const { accountId } = context.account;
      starts.push(accountId);
      contexts.set(accountId, context);
      await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
      if (contexts.get(accountId) === context) contexts.delete(accountId);
    },
    deliver,
    typing: async ({ to }) => void shown.push({ what: "typing", to }),
    react(address, messageId, emoji) {
      if (emoji === "throw") throw new Error("no such emoji");
      shown.push({ what: "reaction", to: address.to, messageId, emoji });
      return Promise.resolve();
    },
    ...(files && {
      download: async ({ ref = "" }: { readonly ref?: string }) => {
        shown.push({ what: "download", ref });
        const file = files[ref];
        if (!file) throw new Error(`no file ${ref}`);
        return { body: bytesOf(file), ...file };
      },
    }),
    ...(traits.login !== undefined && {
      login: {
        start: async ({ accountId }: { readonly accountId: string }, options: object) => {
          shown.push({ what: "login", accountId, options });
          return { message: "scan it", qr: traits.login };
        },
        wait: async () => ({ connected: ++waits % 2 === 0, message: waits % 2 === 0 ? "linked" : "nobody came yet" }),
      },
      logout: async () => ({ cleared: true }),
    }),
    ...(traits.capabilities?.edit && {
      edit: async ({ to }: { readonly to: string }, messageId: string, payload: object) =>
        void shown.push({ what: "edit", to, messageId, payload }),
    }),
    ...(traits.capabilities?.delete && {
      remove: async ({ to }: { readonly to: string }, messageId: string) =>
        void shown.push({ what: "delete", to, messageId }),
    }),
    markRead: async ({ to }, messageId) => void shown.push({ what: "read", to, messageId }),
    ...(lookBack && { lookBack: async () => lookBack }),
  } as ChannelDef;
  gateway.hooks
    .of(Messaging)
    .channel.for("lab")
    .tap({ label: "Lab" }, () => channel);

  const open = Type.Object({}, { additionalProperties: true });
  const method = (name: string, handle: (params: Record<string, unknown>) => unknown) =>
    gateway.method({ name, scope: "operator.admin", params: open, handle: (params) => handle(params) });
  const receive = ({ accountId = "default", ...envelope }: Record<string, unknown>) => {
    const context = contexts.get(String(accountId));
    if (!context) throw new Error(`account ${String(accountId)} does not run`);
    return context.accept(envelope as unknown as Envelope);
  };
  method("lab.receive", receive);
  method("lab.receive-all", async ({ envelopes }) => {
    await Promise.all((envelopes as Record<string, unknown>[]).map(receive));
    return { ok: true };
  });
  method("lab.script", ({ steps }) => {
    script = steps as Step[];
    return { ok: true };
  });
  method("lab.sent", ({ countOnly }) => ({ count: sent.length, ...(countOnly !== true && { sent }) }));
  method("lab.shown", () => ({ shown }));
  method("lab.starts", () => ({ starts }));
});
