import { closed, GatewayError, NonEmptyString, Type, thinkingLevel, wordOf } from "openclaw/plugin-sdk";
import type {
  ModelReference,
  Session,
  SessionEntry,
  SessionKey,
  Settings,
  Static,
  WordField,
} from "openclaw/plugin-sdk";
import type { Lanes } from "./lanes.ts";
import { chooseModel, hasExtraHigh } from "./model-choice.ts";
import type { ModelName } from "./model-choice.ts";
import type { ModelDefaults } from "./roster.ts";
import type { SessionIndex } from "./session-index.ts";

/** Kept with the session and read at each turn, so it is short. */
const text = () => Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 512 }), Type.Null()]));

export const PatchParams = closed({
  key: NonEmptyString,
  label: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()])),
  thinkingLevel: text(),
  verboseLevel: text(),
  reasoningLevel: text(),
  responseUsage: Type.Optional(
    Type.Union([Type.Literal("off"), Type.Literal("tokens"), Type.Literal("full"), Type.Literal("on"), Type.Null()]),
  ),
  elevatedLevel: text(),
  execHost: text(),
  execSecurity: text(),
  execAsk: text(),
  execNode: text(),
  model: text(),
  spawnedBy: text(),
  sendPolicy: Type.Optional(Type.Union([Type.Literal("allow"), Type.Literal("deny"), Type.Null()])),
  groupActivation: Type.Optional(Type.Union([Type.Literal("mention"), Type.Literal("always"), Type.Null()])),
});
export type Patch = Omit<Static<typeof PatchParams>, "key">;

export interface PatchParts {
  readonly index: SessionIndex;
  readonly settings: Settings;
  readonly defaults: ModelDefaults;
  /** One row per agent for those who take a label, because a label is of one session. */
  readonly updates: Lanes;
  /** What `patch.model` means to whoever knows of models. */
  readonly chosen?: ModelReference | undefined;
}

/** Fields that are stored as they were given. */
const PLAIN = ["execNode", "sendPolicy", "groupActivation"] as const;
const WORD_FIELDS: readonly WordField[] = [
  "verboseLevel",
  "reasoningLevel",
  "responseUsage",
  "elevatedLevel",
  "execHost",
  "execSecurity",
  "execAsk",
];
/** What the configuration says where a session says nothing; without it, that is `off`. */
const DEFAULTS: Readonly<Record<string, string>> = {
  thinkingLevel: "agents.defaults.thinkingDefault",
  verboseLevel: "agents.defaults.verboseDefault",
  elevatedLevel: "agents.defaults.elevatedDefault",
};

/** `sessions.patch`: all of it or nothing (sessions.md §5). `null` clears. Makes a missing session. */
export async function patchSession(key: SessionKey, patch: Patch, parts: PatchParts): Promise<Session> {
  const label = typeof patch.label === "string" ? labelOf(patch.label) : undefined;
  const change = () =>
    parts.index.change(key, (entry) => ({
      ...entry,
      ...fieldsOf(key, entry, patch, parts),
      ...(patch.label !== undefined && { label: label as string }),
      updatedAt: Date.now(),
    }));
  if (label === undefined) return change();
  return parts.updates.run(`label ${key.agentId}`, async () => {
    const others = await parts.index.withLabel(label);
    if (others.some((other) => other.agentId === key.agentId && other.key !== key.canonical)) {
      throw refused(`label already in use: ${label}`, "CONFLICT");
    }
    return change();
  });
}

/** The model that the session answers with. */
export function modelOf(entry: SessionEntry, defaults: ModelDefaults): { modelProvider: unknown; model: unknown } {
  const { providerOverride, modelOverride } = entry;
  return { modelProvider: providerOverride ?? defaults.modelProvider, model: modelOverride ?? defaults.model };
}

/** Changed fields; `undefined` for those that go. Throws for the first that is wrong. */
function fieldsOf(key: SessionKey, entry: SessionEntry, patch: Patch, parts: PatchParts): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const field of PLAIN) if (patch[field] !== undefined) changed[field] = patch[field]?.trim() || undefined;
  for (const field of WORD_FIELDS) {
    const given = patch[field];
    if (given === undefined) continue;
    changed[field] = given === null ? undefined : stored(field, wordOf(field, given), parts.settings);
  }
  if (patch.model !== undefined) Object.assign(changed, overrideOf(patch.model, parts));
  if (patch.spawnedBy !== undefined) changed["spawnedBy"] = parentOf(key, entry, patch.spawnedBy);
  if (patch.thinkingLevel !== undefined) {
    const name = modelOf({ ...entry, ...changed }, parts.defaults);
    const known = { provider: String(name.modelProvider), model: String(name.model) };
    const level =
      patch.thinkingLevel === null
        ? undefined
        : thinkingLevel(patch.thinkingLevel, hasExtraHigh(known, parts.settings));
    changed["thinkingLevel"] = level && stored("thinkingLevel", level, parts.settings);
  }
  return changed;
}

/** `off` is not stored (protocol.md §9.4), unless it has to hold against a default that says otherwise. */
function stored(field: string, word: string, settings: Settings): string | undefined {
  const path = DEFAULTS[field];
  const fallback = path === undefined ? undefined : settings.get<string>(path);
  const isAbsent = word === "off" && field !== "execAsk" && (fallback === undefined || fallback === "off");
  return isAbsent ? undefined : word;
}

/** The default model is no choice: a session without one follows the configuration. */
function overrideOf(model: string | null, { settings, defaults, chosen }: PatchParts): Record<string, unknown> {
  const name: ModelName | undefined = model === null ? undefined : (chosen ?? chooseModel(model, settings, defaults));
  const pinned = model === null ? undefined : chosen?.profileId;
  const isDefault = name?.provider === defaults.modelProvider && name?.model === defaults.model;
  return {
    providerOverride: isDefault ? undefined : name?.provider,
    modelOverride: isDefault ? undefined : name?.model,
    // A credential that was chosen for the model before need not fit this one.
    ...(name && { authProfileOverride: pinned, authProfileOverrideSource: pinned === undefined ? undefined : "user" }),
  };
}

function parentOf({ rest }: SessionKey, entry: SessionEntry, spawnedBy: string | null): unknown {
  const known = entry["spawnedBy"];
  if (spawnedBy === null) {
    if (known !== undefined) throw refused("spawnedBy cannot be cleared once set");
    return undefined;
  }
  const parent = spawnedBy.trim();
  if (parent === "") throw refused("invalid spawnedBy: empty");
  if (!rest.startsWith("subagent:")) throw refused("spawnedBy is only supported for subagent:* sessions");
  if (known !== undefined && known !== parent) throw refused("spawnedBy cannot be changed once set");
  return parent;
}

function labelOf(given: string): string {
  const label = given.trim();
  if (label === "") throw refused("invalid label: empty");
  return label;
}

function refused(message: string, code?: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, code === undefined ? {} : { details: { code } });
}
