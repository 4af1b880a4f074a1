import type { Settings } from "openclaw/plugin-sdk";
import { valueAt } from "openclaw/plugin-sdk/config";
import type { Requirements, Skill } from "./skill.ts";

/** What the owner says about a skill (`skills.entries.<key>`). */
export interface SkillEntry {
  readonly enabled?: boolean;
  readonly apiKey?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What a gateway has to offer to skills. */
export interface Surroundings {
  readonly settings: Settings;
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is this program on the search path? */
  readonly hasBin: (name: string) => boolean;
}

export interface Eligibility {
  readonly disabled: boolean;
  readonly blockedByAllowlist: boolean;
  readonly missing: Requirements;
  readonly configChecks: readonly { readonly path: string; readonly value: unknown; readonly satisfied: boolean }[];
  readonly eligible: boolean;
}

/** May this skill be used here, and if not, what is it that it lacks? */
export function checkEligibility(skill: Skill, around: Surroundings): Eligibility {
  const { settings, platform, env, hasBin } = around;
  const { requires } = skill;
  const entry = entryOf(skill, settings);
  const allowed = settings.get<readonly string[]>("skills.allowBundled") ?? [];
  const isBundled = skill.source === "openclaw-bundled";
  const names = [skill.name, skill.skillKey];
  const blockedByAllowlist = isBundled && allowed.length > 0 && !allowed.some((name) => names.includes(name));
  const has = (name: string) =>
    Boolean(env[name]) || Boolean(entry.env?.[name]) || (name === skill.primaryEnv && Boolean(entry.apiKey));
  const configChecks = requires.config.map((path) => {
    const value = configAt(path, settings);
    return { path, value: shown(value), satisfied: Boolean(value) };
  });
  const missing: Requirements = {
    bins: requires.bins.filter((name) => !hasBin(name)),
    anyBins: requires.anyBins.some(hasBin) ? [] : requires.anyBins,
    env: requires.env.filter((name) => !has(name)),
    config: configChecks.filter(({ satisfied }) => !satisfied).map(({ path }) => path),
    os: requires.os.length === 0 || requires.os.includes(platform) ? [] : requires.os,
  };
  const lacks = skill.always ? missing.os.length > 0 : Object.values(missing).some((list: string[]) => list.length > 0);
  const disabled = entry.enabled === false;
  return {
    disabled,
    blockedByAllowlist,
    missing,
    configChecks,
    eligible: !disabled && !blockedByAllowlist && !lacks && skill.problem === undefined,
  };
}

export function entryOf({ skillKey }: Skill, settings: Settings): SkillEntry {
  const entries = settings.get<Readonly<Record<string, SkillEntry>>>("skills.entries");
  // A key may hold dots, which a path cannot.
  return entries && Object.hasOwn(entries, skillKey) ? (entries[skillKey] as SkillEntry) : {};
}

function configAt(path: string, settings: Settings): unknown {
  return valueAt(settings.get(""), path.split("."));
}

/** Whether a value is there is told, the value itself is not. */
function shown(value: unknown): unknown {
  return typeof value === "boolean" ? value : value !== undefined && value !== null;
}
