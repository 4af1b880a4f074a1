import type { DeliveryOutcome } from "openclaw/plugin-sdk";

const MAX_REASON = 500;
const MAX_WAIT_MS = 24 * 3_600_000;

/**
 * What a channel answered, as something that can be recorded and acted on. Channels are plugins: what is no outcome says
 * nothing, and then nobody can know; a wait that is no time is no wait.
 */
export function outcomeOf(answer: unknown): DeliveryOutcome {
  const said = (typeof answer === "object" && answer !== null ? answer : {}) as Readonly<Record<string, unknown>>;
  const reason = reasonOf(said["reason"]);
  if (said["outcome"] === "sent") {
    const { chatId, extra } = said;
    return {
      outcome: "sent",
      messageId: textOf(said["messageId"]) ?? "",
      ...(chatId !== undefined && { chatId: textOf(chatId) ?? "" }),
      ...(typeof extra === "object" && extra !== null && { extra: extra as Readonly<Record<string, string>> }),
    };
  }
  if (said["outcome"] === "not_sent") {
    const retryAfterMs = waitOf(said["retryAfterMs"]);
    return {
      outcome: "not_sent",
      retryable: said["retryable"] === true,
      reason: reason ?? "the channel did not say why",
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(said["throttled"] === "account" && { throttled: "account" }),
    };
  }
  if (said["outcome"] === "unknown") return { outcome: "unknown", reason: reason ?? "the channel did not say why" };
  return { outcome: "unknown", reason: "the channel did not say what became of it" };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function reasonOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim();
  return text === undefined || text === "" ? undefined : text.slice(0, MAX_REASON);
}

function waitOf(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? Math.min(value, MAX_WAIT_MS) : undefined;
}
