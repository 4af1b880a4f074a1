import { rendered, valueAt } from "./template.ts";
import type { TemplateValues } from "./template.ts";

/** One of `hooks.mappings`: what a request under another name means. */
export interface Mapping {
  readonly id?: string;
  readonly match?: { readonly path?: string; readonly source?: string };
  readonly action?: "agent" | "wake";
  readonly wakeMode?: "now" | "next-heartbeat";
  readonly name?: string;
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly messageTemplate?: string;
  readonly textTemplate?: string;
  readonly deliver?: boolean;
  readonly channel?: string;
  readonly to?: string;
  readonly accountId?: string;
  readonly model?: string;
  readonly thinking?: string;
  readonly timeoutSeconds?: number;
  readonly allowUnsafeExternalContent?: boolean;
  /** A list in the payload: the mapping is done for each of its members. */
  readonly forEach?: string;
  readonly transform?: { readonly module: string; readonly export?: string };
}

/** Known senders of webhooks. */
const PRESETS: Readonly<Record<string, Mapping>> = {
  gmail: {
    id: "gmail",
    match: { path: "gmail" },
    action: "agent",
    wakeMode: "now",
    name: "Gmail",
    forEach: "messages",
    sessionKey: "hook:gmail:{{item.id}}",
    messageTemplate: "New mail from {{item.from}}\nSubject: {{item.subject}}\n\n{{item.snippet}}\n\n{{item.body}}",
  },
};
const MAX_ITEMS = 50;
/** Fields that are texts with places in them. */
const TEMPLATES = [
  "name",
  "agentId",
  "sessionKey",
  "messageTemplate",
  "textTemplate",
  "channel",
  "to",
  "accountId",
  "model",
  "thinking",
] as const;

/** The first mapping that is for a request: the operator's own before the presets. */
export function mappingFor(
  name: string,
  payload: unknown,
  { mappings = [], presets = [] }: { readonly mappings?: readonly Mapping[]; readonly presets?: readonly string[] },
): Mapping | undefined {
  const known = presets.flatMap((preset) => PRESETS[preset] ?? []);
  return [...mappings, ...known].find(({ match = {} }) => {
    if (match.path !== undefined && match.path.replace(/^\/+|\/+$/g, "") !== name) return false;
    return match.source === undefined || match.source === sourceOf(payload);
  });
}

/** The requests that a mapping makes of one, each with the values that its templates see. */
export function itemsOf({ forEach }: Mapping, values: TemplateValues): TemplateValues[] {
  if (forEach === undefined) return [values];
  const list = valueAt(forEach, values);
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_ITEMS).map((item: unknown, index) => ({ ...values, item, index }));
}

/** The mapping with its templates filled in. */
export function filled(mapping: Mapping, values: TemplateValues): Mapping {
  const texts = TEMPLATES.flatMap((field) => {
    const template = mapping[field];
    return template === undefined ? [] : [[field, rendered(template, values)] as const];
  });
  return { ...mapping, ...Object.fromEntries(texts) };
}

function sourceOf(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || !Object.hasOwn(payload, "source")) return undefined;
  return (payload as { readonly source: unknown }).source;
}
