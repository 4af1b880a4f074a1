import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Texts = Type.Array(Text);
const Ms = Type.Integer();
const Count = Type.Integer();
const Maybe = Type.Optional(Text);
const ByChannel = Type.Record(Text, Text);

/** Of one account (protocol.md §9.6). What a channel tells beside this is its own. */
const AccountShape = Type.Object({
  accountId: Text,
  enabled: Type.Boolean(),
  configured: Type.Boolean(),
  running: Type.Boolean(),
  connected: Type.Boolean(),
  lastError: Type.Union([Text, Type.Null()]),
});

export const ChannelsStatusShape = Type.Object({
  ts: Ms,
  channelOrder: Texts,
  channelLabels: ByChannel,
  channelDetailLabels: ByChannel,
  channelSystemImages: ByChannel,
  channelMeta: Type.Array(Type.Object({ id: Text, label: Text, detailLabel: Text, systemImage: Maybe })),
  channels: Type.Record(Text, Type.Object({ state: Text, accounts: Type.Record(Text, AccountShape) })),
  channelAccounts: Type.Record(Text, Type.Array(AccountShape)),
  channelDefaultAccountId: ByChannel,
  issues: Type.Array(Type.Object({ channel: Text, accountId: Text, kind: Text, message: Text, fix: Maybe })),
});
const OfAccount = { channel: Text, accountId: Text };
export const LoginOfferShape = Type.Object({
  ...OfAccount,
  message: Text,
  qrDataUrl: Maybe,
  qr: Maybe,
  pairingCode: Maybe,
});
export const LoginResultShape = Type.Object({ ...OfAccount, connected: Type.Boolean(), message: Text });
/** A reaction, an edit or a removal, and the message it was of. */
export const ActedShape = Type.Object({ ...OfAccount, ok: Type.Literal(true), to: Text, messageId: Text });
export const LoggedOutShape = Type.Object({
  channel: Text,
  accountId: Text,
  cleared: Type.Boolean(),
  loggedOut: Type.Optional(Type.Boolean()),
});

/**
 * protocol.md §9.6: sent when there is a `messageId`; else `status` says `queued` or `unknown`, and `queueId` where it is
 * listed. What the network calls its chats and polls stands beside it.
 */
export const SentShape = Type.Object({
  runId: Text,
  channel: Text,
  messageId: Maybe,
  chatId: Maybe,
  channelId: Maybe,
  toJid: Maybe,
  conversationId: Maybe,
  pollId: Maybe,
  status: Maybe,
  queueId: Maybe,
});

const Requests = Type.Array(
  Type.Object({
    id: Text,
    code: Text,
    createdAt: Text,
    lastSeenAt: Text,
    accountId: Maybe,
    meta: Type.Record(Text, Text),
  }),
);
/** Of one channel where it was asked for by name, else of all that have requests. */
export const PairingListShape = Type.Object({
  channel: Maybe,
  requests: Type.Optional(Requests),
  channels: Type.Optional(Type.Array(Type.Object({ channel: Text, requests: Requests }))),
});
export const PairedShape = Type.Object({ ok: Type.Literal(true), channel: Text, accountId: Text, id: Text });

const Queued = { id: Text, state: Text, channel: Text, accountId: Text, attempts: Count, reason: Maybe, text: Text };
const Outgoing = { ...Queued, to: Text, createdAt: Ms, nextAttemptAt: Type.Optional(Ms), workId: Maybe };
const Incoming = {
  ...Queued,
  runId: Text,
  from: Text,
  sessionKey: Text,
  acceptedAt: Ms,
  deferred: Type.Optional(Type.Boolean()),
};

export const QueueListShape = Type.Object({
  ts: Ms,
  counts: Type.Record(Text, Count),
  out: Type.Array(Type.Object(Outgoing)),
  in: Type.Array(Type.Object(Incoming)),
});
/** `entry` is on its way out, `work` came in: as they are recorded. */
export const QueueShownShape = Type.Object({
  direction: Text,
  entry: Type.Optional(Type.Unknown()),
  work: Type.Optional(Type.Unknown()),
});
/** What it is now; a field of the other direction is left out. */
export const QueueChangedShape = Type.Object({
  ...Queued,
  ok: Type.Literal(true),
  direction: Text,
  to: Maybe,
  createdAt: Type.Optional(Ms),
  nextAttemptAt: Type.Optional(Ms),
  workId: Maybe,
  runId: Maybe,
  from: Maybe,
  sessionKey: Maybe,
  acceptedAt: Type.Optional(Ms),
  deferred: Type.Optional(Type.Boolean()),
});

/** Of a message that came in, or of one that was only sent. */
export const TraceShape = Type.Object({
  id: Text,
  state: Text,
  reason: Maybe,
  explanation: Text,
  channel: Text,
  accountId: Text,
  text: Text,
  runId: Maybe,
  messageId: Maybe,
  sessionKey: Maybe,
  from: Maybe,
  to: Maybe,
  chatId: Maybe,
  chatType: Maybe,
  threadId: Maybe,
  acceptedAt: Type.Optional(Ms),
  updatedAt: Type.Optional(Ms),
  timeline: Type.Array(Type.Object({ at: Ms, event: Text, note: Maybe })),
  deliveries: Type.Array(
    Type.Object({ id: Text, state: Text, attempts: Count, to: Text, messageId: Maybe, reason: Maybe }),
  ),
});
