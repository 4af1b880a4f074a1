import { renderMarkdown, tableMode } from "openclaw/plugin-sdk/markdown";
import type { ChannelAccount, ChannelDef, Settings } from "openclaw/plugin-sdk";
import { CredentialFiles } from "./credential-files.ts";
import { download } from "./download.ts";
import { withoutMentions } from "./envelope.ts";
import { normalizeNumber, parseTarget, TARGET_HINT } from "./jid.ts";
import { Logins } from "./login.ts";
import { AccountMemory } from "./memory.ts";
import { Session } from "./session.ts";
import type { SessionParts } from "./session.ts";
import { accountSettings, RESTART_KEYS, settingsProblem, whatsappAccounts } from "./settings.ts";

export interface WhatsAppParts extends SessionParts {
  readonly settings: Settings;
}

const LIMITS = { text: 4_000, textHard: 65_536, caption: 1_024, mediaMaxMb: 50, pollOptions: 12 } as const;

/** The channel as the gateway knows it. Each account has one session while it runs. */
export function whatsappChannel(parts: WhatsAppParts): {
  readonly definition: ChannelDef;
  stopLogins(): Promise<void>;
} {
  const sessions = new Map<string, Session>();
  const memories = new Map<string, AccountMemory>();
  const memoryOf = (accountId: string) => {
    const memory = memories.get(accountId) ?? new AccountMemory();
    memories.set(accountId, memory);
    return memory;
  };
  const logins = new Logins({
    ...parts,
    release: async (accountId) => sessions.get(accountId)?.replace(),
    isLoggedOut: (accountId) => memoryOf(accountId).isLoggedOut,
  });
  const filesOf = (account: ChannelAccount) => new CredentialFiles(accountSettings(account, parts.stateDir).authDir);

  const definition: ChannelDef = {
    label: "WhatsApp",
    meta: {
      detailLabel: "WhatsApp Web",
      systemImage: "message",
      blurb: "A linked device of your phone, by QR code",
      order: 10,
    },
    capabilities: {
      chatTypes: ["direct", "group"],
      media: true,
      nativeMentions: true,
      reactions: true,
      poll: true,
      typing: true,
      readReceipts: true,
    },
    limits: LIMITS,
    reportsConnection: true,
    repeatsSafely: true,
    restartKeys: RESTART_KEYS,
    accounts: whatsappAccounts(parts.settings),
    people: { idLabel: "WhatsApp number", normalize: normalizeNumber },
    targets: { hint: TARGET_HINT, parse: (raw) => parseTarget(raw) },
    unconfigured: settingsProblem,
    format: (markdown, { config }) => renderMarkdown(markdown, "whatsapp", { tables: tableMode(config) }),
    // Established clients show each of these, also of an account that was never linked.
    describe: ({ config: { dmPolicy = "pairing", allowFrom = [] } }) => ({
      mode: "web",
      linked: false,
      authAgeMs: null,
      self: { e164: null, jid: null },
      lastMessageAt: null,
      lastEventAt: null,
      dmPolicy,
      allowFrom,
    }),

    async start(context) {
      const { accountId } = context.account;
      const session = new Session(parts, memoryOf(accountId), context);
      sessions.set(accountId, session);
      try {
        await session.run();
      } finally {
        if (sessions.get(accountId) === session) sessions.delete(accountId);
      }
    },
    async deliver(entry, account) {
      if (entry.payload.poll && isOff(account, "polls")) {
        return { outcome: "not_sent", retryable: false, reason: "channels.whatsapp.actions.polls is false" };
      }
      const session = sessions.get(account.accountId);
      return (
        session?.outbound.deliver(entry) ?? { outcome: "not_sent", retryable: true, reason: "WhatsApp is not running" }
      );
    },
    stripMentions(text, { accountId }) {
      const self = sessions.get(accountId)?.self;
      return self ? withoutMentions(text, self) : text;
    },
    typing: async ({ to }, { accountId }) => sessions.get(accountId)?.outbound.typing(to),
    markRead: async ({ to }, messageId, { accountId }) => sessions.get(accountId)?.outbound.markRead(to, messageId),
    async react({ to }, messageId, emoji, account) {
      if (isOff(account, "reactions")) throw new Error("channels.whatsapp.actions.reactions is false");
      const session = sessions.get(account.accountId);
      if (!session) throw new Error("WhatsApp is not running");
      await session.outbound.react(to, messageId, emoji);
    },
    download: async (media, account, signal) => download(await parts.load(), media, account, signal),

    async probe({ accountId }) {
      const session = sessions.get(accountId);
      const self = session?.self;
      if (!self) return { ok: false, error: "not linked to a phone" };
      return session?.connection ? { ok: true, self: self.jid } : { ok: false, error: "not connected", self: self.jid };
    },
    login: {
      start: (account, options) => logins.start(account, options),
      wait: (account, options) => logins.wait(account, options),
    },
    async logout(account) {
      const session = sessions.get(account.accountId);
      await logins.stop(account.accountId);
      const loggedOut = (await session?.logOut()) ?? false;
      await session?.replace();
      const cleared = await filesOf(account).clear();
      memories.delete(account.accountId);
      return { cleared, loggedOut };
    },
  };
  return { definition, stopLogins: () => logins.stop() };
}

function isOff({ config }: ChannelAccount, action: "polls" | "reactions"): boolean {
  const actions = config["actions"] as Readonly<Record<string, unknown>> | undefined;
  return actions?.[action] === false;
}
