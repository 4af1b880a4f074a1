import type { ToolFacts } from "openclaw/plugin-sdk";
import { CORE_TOOLS, GROUPS } from "./catalog.ts";

const ALIASES: Readonly<Record<string, string>> = { bash: "exec", "apply-patch": "apply_patch" };

/** The name that a user's spelling means. */
export function canonical(name: string): string {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower;
}

/**
 * Does an entry of a list mean this tool? An entry is a name, a name with `*`, `group:<name>`, `group:plugins`, or the
 * id of the plugin that offers it.
 */
export function matches(entry: string, tool: ToolFacts): boolean {
  const pattern = canonical(entry);
  const name = canonical(tool.name);
  if (pattern.startsWith("group:")) return isInGroup(pattern.slice("group:".length), name, tool);
  if (pattern === name) return true;
  if (!CORE_TOOLS.has(name) && pattern === tool.owner.toLowerCase()) return true;
  return pattern.includes("*") && matchesGlob(pattern, name);
}

/** Is an optional tool meant by name, by its plugin, or with all tools of plugins? A pattern is not meant enough. */
export function names(entry: string, tool: ToolFacts): boolean {
  return !entry.includes("*") && matches(entry, tool);
}

/** Does an entry mean anything at all: a known tool, or one that is offered? */
export function isKnown(entry: string, tools: readonly ToolFacts[]): boolean {
  const pattern = canonical(entry);
  if (pattern === "group:plugins") return true;
  if (pattern.startsWith("group:")) {
    const group = pattern.slice("group:".length);
    return Object.hasOwn(GROUPS, group) || tools.some((tool) => isInGroup(group, canonical(tool.name), tool));
  }
  if (CORE_TOOLS.has(pattern)) return true;
  if (pattern.includes("*") && [...CORE_TOOLS].some((name) => matchesGlob(pattern, name))) return true;
  return tools.some((tool) => matches(entry, tool));
}

function isInGroup(group: string, name: string, { groups = [] }: ToolFacts): boolean {
  if (group === "plugins") return !CORE_TOOLS.has(name);
  const members = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
  return members?.includes(name) === true || groups.some((one) => one.toLowerCase() === group);
}

/** `*` stands for any text. Walked by hand: a pattern of many stars must not take for ever. */
function matchesGlob(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
