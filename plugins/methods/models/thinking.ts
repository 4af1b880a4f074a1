const LEVELS = ["off", "minimal", "low", "medium", "high", "xhigh"];
const USUAL = LEVELS.slice(0, -1);
/** Models that are known to take the highest level. */
const EXTRA_HIGH = /^(?:gpt-5\.[2-9]|gpt-5(?:\.\d+)?-codex)/;

/** Levels of a model (agent.md §8). */
export function levelsOf(model: {
  readonly id: string;
  readonly reasoning?: boolean;
  readonly thinkingLevels?: readonly string[];
}): readonly string[] {
  if (model.reasoning !== true) return ["off"];
  const given = model.thinkingLevels;
  if (given) return LEVELS.filter((level) => level === "off" || given.includes(level));
  return EXTRA_HIGH.test(model.id) ? LEVELS : USUAL;
}

/** The level to send for the wanted one: the nearest the model has, not above it; `none` tells a thinker not to. */
export function wireLevel(wanted: string, levels: readonly string[]): string {
  if (levels.length === 1) return "off";
  const rank = Math.max(LEVELS.indexOf(wanted), 0);
  const level = levels.findLast((one) => LEVELS.indexOf(one) <= rank) ?? "off";
  return level === "off" ? "none" : level;
}

/** The next lower one, for a model that refuses `level`; `off` at last, which sends nothing. */
export function lowerLevel(level: string, levels: readonly string[]): string | undefined {
  if (level === "off") return undefined;
  if (level === "none") return "off";
  const lower = levels[levels.indexOf(level) - 1];
  return lower === undefined ? "off" : lower;
}
