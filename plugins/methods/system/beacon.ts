import type { PresenceChange } from "./presence.ts";
import type { PresenceFacts } from "./presence-entry.ts";

/** What a client tells of itself with `system-event`. A field of the wrong type counts as not given. */
export interface Beacon {
  /** Whose entry this is. */
  readonly name: string;
  readonly facts: PresenceFacts & { readonly text: string };
}

const MAX_TEXT = 1_000;
const MAX_FIELD = 200;
const MAX_LIST = 32;
const TEXTS = ["ip", "version", "platform", "deviceFamily", "modelIdentifier", "mode", "reason", "instanceId"] as const;
const LISTS = ["tags", "roles", "scopes"] as const;

/** Undefined without a text. What the text says counts where no field says it (protocol.md §9.1). */
export function parseBeacon(params: Readonly<Record<string, unknown>>): Beacon | undefined {
  const text = shortened(params["text"], MAX_TEXT);
  if (text === undefined) return undefined;
  const given: Record<string, unknown> = { ...partsOf(text) };
  for (const field of ["host", "deviceId", ...TEXTS]) {
    const value = shortened(params[field], MAX_FIELD);
    if (value !== undefined) given[field] = value;
  }
  for (const field of LISTS) {
    const list = params[field];
    if (!Array.isArray(list)) continue;
    const members = list.flatMap((member) => shortened(member, MAX_FIELD) ?? []).slice(0, MAX_LIST);
    if (members.length > 0) given[field] = members;
  }
  const seconds = params["lastInputSeconds"];
  if (typeof seconds === "number" && Number.isFinite(seconds)) given["lastInputSeconds"] = Math.trunc(seconds);
  const facts = { ...(given as PresenceFacts), text };
  return { name: facts.deviceId ?? facts.instanceId ?? facts.host ?? text.slice(0, 64), facts };
}

/** `Node: <host> (<ip>) · app <v> · last input <n>s ago · mode <m> · reason <r>`, any part but the host left out. */
function partsOf(text: string): PresenceFacts {
  if (!text.startsWith("Node:")) return {};
  const [head = "", ...parts] = text.slice("Node:".length).split("·");
  const [, host, ip] = /^\s*(.*?)\s*(?:\(([^()]*)\))?\s*$/.exec(head) ?? [];
  const after = (word: string) =>
    parts
      .find((part) => part.trim().startsWith(`${word} `))
      ?.trim()
      .slice(word.length + 1);
  const [version, mode, reason] = [after("app"), after("mode"), after("reason")];
  const seconds = /^(\d{1,9})s ago$/.exec(after("last input") ?? "")?.[1];
  return {
    ...(host && { host: host.slice(0, MAX_FIELD) }),
    ...(ip && { ip: ip.slice(0, MAX_FIELD) }),
    ...(version && { version: version.slice(0, MAX_FIELD) }),
    ...(mode && { mode: mode.slice(0, MAX_FIELD) }),
    ...(reason && { reason: reason.slice(0, MAX_FIELD) }),
    ...(seconds !== undefined && { lastInputSeconds: Number(seconds) }),
  };
}

/**
 * What the agent is told of a beacon: a plain text as it is, of a node line only what has changed. Nothing when it only
 * says that the node is still there.
 */
export function newsOf({ before, after }: PresenceChange): string | undefined {
  const { text = "", host = "", ip, version, mode, reason } = after;
  if (!text.startsWith("Node:")) return text;
  const changed = (field: "host" | "ip" | "version" | "mode" | "reason") => before?.[field] !== after[field];
  const isRoutine = /^(periodic|heartbeat$)/i.test(reason ?? "");
  const parts = [
    ...(version && changed("version") ? [`app ${version}`] : []),
    ...(mode && changed("mode") ? [`mode ${mode}`] : []),
    ...(reason && changed("reason") && !isRoutine ? [`reason ${reason}`] : []),
  ];
  const hasMoved = changed("host") || changed("ip");
  if (parts.length === 0 && !hasMoved) return undefined;
  return [`Node: ${host}${ip && hasMoved ? ` (${ip})` : ""}`, ...parts].join(" · ");
}

function shortened(value: unknown, length: number): string | undefined {
  const text = typeof value === "string" ? value.trim().slice(0, length) : "";
  return text === "" ? undefined : text;
}
