import type { Json } from "../config/source.ts";
import { at } from "../config/validate.ts";
import type { ConfigIssue } from "../services/config.ts";
import type { Candidate } from "./discovery.ts";
import { contributions } from "./manifest.ts";
import { decidePlugins, pluginsSection } from "./policy.ts";

/** Settings that count on what no enabled plugin contributes, by the id of the plugin they belong to. */
export function unmetNeeds(config: Json, candidates: readonly Candidate[]): ReadonlyMap<string, ConfigIssue[]> {
  const issues = new Map<string, ConfigIssue[]>();
  for (const { id, manifest } of candidates) {
    for (const { paths, unless, contributes, description } of manifest?.needs ?? []) {
      const set = paths.flatMap((path) => placesOf(config, path)).filter((path) => !isOneOf(unless, at(config, path)));
      if (set.length === 0) continue;
      const able = candidates.filter((one) => one.manifest && contributions(one.manifest)[contributes]?.length);
      if (isEnabled(able, config, candidates)) continue;
      const [off] = able;
      const remedy = off === undefined ? "" : `enable plugin "${off.id}", or `;
      const hint = `${remedy}set ${unless.map((value) => JSON.stringify(value)).join(" or ")}`;
      issues.set(id, [...(issues.get(id) ?? []), ...set.map((path) => ({ path, message: description, hint }))]);
    }
  }
  return issues;
}

function isEnabled(able: readonly Candidate[], config: Json, candidates: readonly Candidate[]): boolean {
  const flags = { safeMode: false, skipChannels: false };
  const decisions = decidePlugins(candidates, pluginsSection(config), flags);
  return decisions.some(({ candidate, enabled }) => enabled && able.includes(candidate));
}

function isOneOf(values: readonly string[], value: Json | undefined): boolean {
  return value === undefined || values.some((one) => one === value);
}

/** The paths that `pattern` stands for in this configuration. */
function placesOf(config: Json, pattern: string): string[] {
  const [first = "", ...rest] = pattern.split(".*.");
  let places = [first];
  for (const part of rest) {
    places = places.flatMap((place) => {
      const value = at(config, place);
      return typeof value === "object" && value !== null
        ? Object.keys(value).map((key) => `${place}.${key}.${part}`)
        : [];
    });
  }
  return places;
}
