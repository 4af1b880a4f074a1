import { Fields } from "openclaw/plugin-sdk/http-api";
import type { AgentAction } from "./agent-action.ts";
import { hasPlaces } from "./template.ts";
import type { Mapping } from "./mapping.ts";
import type { WakeAction } from "./wake-action.ts";

const MODES = ["now", "next-heartbeat"] as const;
const MAX_NAME = 100;
const MAX_WORD = 512;

/** `POST <path>/wake`. */
export function readWake(given: unknown): WakeAction {
  const body = new Fields(given);
  return {
    text: body.text("text") ?? "",
    mode: body.oneOf("mode", MODES) ?? "now",
    agentId: word(body, "agentId"),
    sessionKey: word(body, "sessionKey"),
    isTrusted: false,
    isSafe: false,
    name: "wake",
  };
}

/** `POST <path>/agent`. */
export function readAgent(given: unknown, repeatKey: string | undefined): AgentAction & { waitForCompletion: boolean } {
  const body = new Fields(given);
  return {
    message: body.text("message") ?? "",
    name: nameOf(body.text("name")),
    agentId: word(body, "agentId"),
    sessionKey: word(body, "sessionKey"),
    isTrusted: false,
    isSafe: false,
    wakeMode: body.oneOf("wakeMode", MODES) ?? "now",
    deliver: body.flag("deliver") ?? true,
    channel: word(body, "channel")?.toLowerCase() ?? "last",
    to: word(body, "to"),
    accountId: word(body, "accountId"),
    model: word(body, "model"),
    thinking: word(body, "thinking"),
    timeoutSeconds: body.number("timeoutSeconds", { min: 1, max: 86_400, whole: true }),
    repeatKey: repeatKey ?? repeatKeyOf(body),
    waitForCompletion: body.flag("waitForCompletion") ?? false,
  };
}

/** The key of a request that may come more than once. */
export function repeatKeyOf(body: Fields): string | undefined {
  const key = body.text("idempotencyKey", 256);
  return key === "" ? undefined : key;
}

/** A mapping as the wake it asks for. `raw` is the mapping with its templates. */
export function mappedWake(mapping: Mapping, raw: Mapping): WakeAction {
  return {
    text: mapping.textTemplate ?? mapping.messageTemplate ?? "",
    mode: mapping.wakeMode ?? "now",
    agentId: blank(mapping.agentId),
    sessionKey: blank(mapping.sessionKey),
    isTrusted: isTrusted(mapping, raw),
    isSafe: mapping.allowUnsafeExternalContent === true,
    name: nameOf(mapping.name ?? mapping.id),
  };
}

export function mappedAgent(mapping: Mapping, raw: Mapping, repeatKey: string | undefined): AgentAction {
  return {
    message: mapping.messageTemplate ?? mapping.textTemplate ?? "",
    name: nameOf(mapping.name ?? mapping.id),
    agentId: blank(mapping.agentId),
    sessionKey: blank(mapping.sessionKey),
    isTrusted: isTrusted(mapping, raw),
    isSafe: mapping.allowUnsafeExternalContent === true,
    wakeMode: mapping.wakeMode ?? "now",
    deliver: mapping.deliver ?? true,
    channel: blank(mapping.channel)?.toLowerCase() ?? "last",
    to: blank(mapping.to),
    accountId: blank(mapping.accountId),
    model: blank(mapping.model),
    thinking: blank(mapping.thinking),
    timeoutSeconds: mapping.timeoutSeconds,
    repeatKey,
  };
}

/** A key that the operator has written out is theirs; one that is made of the request is its sender's. */
function isTrusted({ sessionKey }: Mapping, raw: Mapping): boolean {
  return sessionKey === raw.sessionKey && (raw.sessionKey === undefined || !hasPlaces(raw.sessionKey));
}

function word(body: Fields, field: string): string | undefined {
  return blank(body.text(field, MAX_WORD));
}

function blank(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}

/** A name stands in prompts and logs, on one line. */
function nameOf(text = ""): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, MAX_NAME);
  return line === "" ? "Hook" : line;
}
