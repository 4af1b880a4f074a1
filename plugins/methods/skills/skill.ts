import { installsOf } from "./install-option.ts";
import type { InstallOption } from "./install-option.ts";
import { isRecord, textOf, textsOf } from "./record.ts";
import type { Fields } from "./record.ts";

/** Where a skill was found; earlier ones win over later ones of the same name. */
export const SOURCES = ["openclaw-workspace", "openclaw-managed", "openclaw-bundled", "openclaw-extra"] as const;

export type Source = (typeof SOURCES)[number];

export interface Requirements {
  readonly bins: readonly string[];
  /** One of them is enough. */
  readonly anyBins: readonly string[];
  readonly env: readonly string[];
  readonly config: readonly string[];
  readonly os: readonly string[];
}

/** A folder with a `SKILL.md`, as far as it can be read. */
export interface Skill {
  readonly name: string;
  readonly description: string;
  readonly source: Source;
  readonly filePath: string;
  readonly baseDir: string;
  /** Its key in `skills.entries`. */
  readonly skillKey: string;
  readonly emoji?: string;
  readonly homepage?: string;
  /** The variable that `skills.entries.<key>.apiKey` becomes. */
  readonly primaryEnv?: string;
  /** Used whatever it lacks, but for the system it is for. */
  readonly always: boolean;
  /** Only people call it; the prompt does not name it. */
  readonly hidden: boolean;
  /** Only the agent uses it; people cannot call it by name. */
  readonly notForPeople?: true;
  readonly requires: Requirements;
  readonly install: readonly InstallOption[];
  /** Why it cannot be used at all. */
  readonly problem?: string;
}

export const NOTHING: Requirements = { bins: [], anyBins: [], env: [], config: [], os: [] };

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;
/** Names of the same field in older skills. */
const VENDORS = ["openclaw", "clawdbot", "moltbot"];

type Place = Pick<Skill, "source" | "filePath" | "baseDir">;

/** A skill that is listed with the reason why nobody can use it. */
export function brokenSkill(name: string, place: Place, problem: string): Skill {
  return {
    ...place,
    name: name.replaceAll(/[^\p{L}\p{N} ._-]/gu, "?").slice(0, 64),
    description: "",
    skillKey: name.slice(0, 128),
    always: false,
    hidden: false,
    requires: NOTHING,
    install: [],
    problem,
  };
}

/** What the front matter says. Unknown fields are passed over, wrong ones count as absent, but for name and description. */
export function skillOf(data: Fields, folderName: string, place: Place): Skill {
  const name = textOf(data["name"], 200) ?? folderName;
  if (!NAME.test(name))
    return brokenSkill(folderName, place, `has a name that cannot be used: ${JSON.stringify(name)}`);
  const description = textOf(data["description"]);
  if (description === undefined)
    return brokenSkill(name, place, "has no description, by which an agent would choose it");
  const meta = metadataOf(data["metadata"]);
  if (meta === undefined) return brokenSkill(name, place, "has metadata that is no object");
  const requires = isRecord(meta["requires"]) ? meta["requires"] : {};
  const [emoji, homepage, primaryEnv] = [
    textOf(meta["emoji"], 32),
    textOf(meta["homepage"] ?? data["homepage"]),
    textOf(meta["primaryEnv"], 128),
  ];
  return {
    ...place,
    name,
    description,
    skillKey: textOf(meta["skillKey"], 128) ?? name,
    ...(emoji !== undefined && { emoji }),
    ...(homepage !== undefined && /^https?:\/\//i.test(homepage) && { homepage }),
    ...(primaryEnv !== undefined && { primaryEnv }),
    always: meta["always"] === true,
    hidden: data["disable-model-invocation"] === true,
    ...(data["user-invocable"] === false && { notForPeople: true }),
    requires: {
      bins: textsOf(requires["bins"]),
      anyBins: textsOf(requires["anyBins"]),
      env: textsOf(requires["env"]),
      config: textsOf(requires["config"]),
      os: textsOf(meta["os"] ?? requires["os"]),
    },
    install: installsOf(meta["install"]),
  };
}

/** `metadata.openclaw`; the whole may be a JSON text. Nothing when it is neither. */
function metadataOf(given: unknown): Fields | undefined {
  if (given === undefined || given === null) return {};
  const value = typeof given === "string" ? parsed(given) : given;
  if (!isRecord(value)) return undefined;
  const own = VENDORS.map((vendor) => value[vendor]).find((one) => one !== undefined);
  if (own === undefined) return {};
  return isRecord(own) ? own : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}
