import type { OutboxEntry, Work } from "openclaw/plugin-sdk";

/** Why there was no answer, and what to do about it, by the recorded reason. */
const REFUSALS: Readonly<Record<string, (work: Work) => string>> = {
  own: () => "it was written by the account itself",
  bot: ({ envelope }) => `its sender is a bot; set channels.${envelope.channel}.allowBots to hear bots`,
  incomplete: () => "the channel did not say who wrote it, or where; it cannot be decided on",
  "account-disabled": ({ envelope }) => `the account is off; see channels.${envelope.channel}.enabled`,
  "dm-disabled": ({ envelope }) => `direct messages are off; see channels.${envelope.channel}.dmPolicy`,
  "dm-not-allowed": ({ envelope }) =>
    `the sender ${envelope.sender.id} is not on the list; add the id to channels.${envelope.channel}.allowFrom`,
  "pairing-pending": ({ envelope }) =>
    `the sender ${envelope.sender.id} is not paired; see openclaw pairing list ${envelope.channel}`,
  "group-disabled": ({ envelope }) => `groups are off; see channels.${envelope.channel}.groupPolicy`,
  "group-not-listed": ({ envelope }) =>
    `the group ${envelope.chatId} is not on the list; add it to channels.${envelope.channel}.groups`,
  "group-sender": ({ envelope }) =>
    `the sender ${envelope.sender.id} may not write in groups; add the id to channels.${envelope.channel}.groupAllowFrom`,
  "no-mention": ({ envelope }) =>
    `the bot was not mentioned; set requireMention to false for the group in channels.${envelope.channel}.groups to hear everything. It is kept as context for the next mention`,
  "command-unauthorized": () => "it is a command, and its sender may not use commands here",
  // What the sessions plugin says, and clients match (protocol.md §9.2).
  "send blocked by session policy": ({ sessionKey }) =>
    `nothing may be said in the session ${sessionKey}; see session.sendPolicy, or openclaw sessions patch --send-policy allow`,
  flood: ({ envelope }) =>
    `too many messages came from ${envelope.sender.id}, or from the place or account, in one minute; see messages.flood`,
  unsupported: ({ envelope }) => `events of kind ${envelope.kind ?? "message"} start no turn`,
};

/** In words, what has become of a message. */
export function explain(work: Work, entries: readonly OutboxEntry[]): string {
  const { state, reason, result } = work;
  if (state === "queued") {
    return work.deferred
      ? "It waits behind many others of its conversation or account; it is safe on disk and its turn comes."
      : "It waits for its turn in its session.";
  }
  if (state === "running") return "A turn is working on it.";
  if (state === "refused") {
    const told = entries.length > 0 ? " The sender was told how to be let in." : "";
    return `There was no answer because ${refusal(work)}.${told}`;
  }
  if (state === "merged") return `It was answered as a part of message ${work.mergedInto ?? "after it"}.`;
  if (state === "interrupted") {
    return reason === "restart"
      ? "The gateway ended while a turn that had already acted was working on it; it was not run again, and the sender was told."
      : `It was stopped before there was an answer${reason === undefined ? "" : ` (${reason})`}.`;
  }
  const answer =
    state === "failed"
      ? `The turn failed: ${result?.error?.message ?? reason ?? "unknown reason"}.`
      : "It was answered.";
  return [answer, deliveryWords(work, entries)].filter((part) => part !== "").join(" ");
}

/** In words, what has become of one delivery. */
export function explainEntry({ state, reason, attempt, address }: OutboxEntry): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  switch (state) {
    case "sent":
      return `It was sent to ${address.to} on ${address.channel}.`;
    case "pending":
      return `It is not sent yet, after ${attempt} ${attempt === 1 ? "attempt" : "attempts"}${why}. The gateway tries again.`;
    case "attempting":
      return "It is being sent right now.";
    case "unknown":
      return `Nobody can know whether it arrived${why}. It is not sent again by itself; openclaw queue retry sends it once more.`;
    case "dead":
      return `The network refused it for good${why}.`;
    case "expired":
      return `It was given up${why}.`;
    case "dropped":
      return "The operator dropped it.";
  }
}

function deliveryWords({ envelope, result, state }: Work, entries: readonly OutboxEntry[]): string {
  if (entries.length > 0) {
    const worst = entries.find((entry) => entry.state !== "sent") ?? (entries.at(-1) as OutboxEntry);
    return explainEntry(worst);
  }
  if (!envelope.replyTo) return "Its caller asked for no delivery; the answer is in the session.";
  const isEmpty = (result?.payloads ?? []).every(({ text }) => text === "");
  return isEmpty && state === "done" ? "The answer was empty, so nothing was sent." : "Nothing was sent.";
}

function refusal(work: Work): string {
  const { reason = "" } = work;
  const words = Object.hasOwn(REFUSALS, reason) ? REFUSALS[reason] : undefined;
  return words ? words(work) : `a plugin refused it${reason === "" ? "" : ` (${reason})`}`;
}
