import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { compareText, errorText } from "openclaw/plugin-sdk";
import { parseFrontMatter } from "openclaw/plugin-sdk/workspace";
import { brokenSkill, skillOf } from "./skill.ts";
import type { Skill, Source } from "./skill.ts";

/** A folder that holds folders of skills. */
export interface SkillFolder {
  readonly path: string;
  readonly source: Source;
}

const MAX_SKILLS = 300;
const MAX_BYTES = 262_144;
const FILE = "SKILL.md";

/**
 * The skills of these folders by name. An earlier folder wins over a later one; a skill that cannot be used stands in
 * nobody's way. A folder that is not there holds none; one bad skill costs only itself.
 */
export async function discoverSkills(folders: readonly SkillFolder[]): Promise<Skill[]> {
  const usable = new Map<string, Skill>();
  const broken: Skill[] = [];
  for (const folder of folders) {
    for (const skill of await skillsIn(folder)) {
      if (skill.problem !== undefined) broken.push(skill);
      else if (!usable.has(skill.name)) usable.set(skill.name, skill);
    }
  }
  return [...usable.values(), ...broken].toSorted(
    (a, b) => compareText(a.name, b.name) || compareText(a.filePath, b.filePath),
  );
}

async function skillsIn({ path, source }: SkillFolder): Promise<Skill[]> {
  // Not there, or not for us: no skills.
  const names = await readdir(path).catch((): string[] => []);
  const root = await realpath(path).catch(() => path);
  const visible = names.filter((name) => !name.startsWith(".") && name !== "node_modules").toSorted(compareText);
  const skills = await Promise.all(
    visible.slice(0, MAX_SKILLS).map((name) => readSkill(join(path, name), root, source)),
  );
  return skills.filter((skill) => skill !== undefined);
}

/** Nothing for what is no skill at all. */
async function readSkill(baseDir: string, root: string, source: Source): Promise<Skill | undefined> {
  const name = basename(baseDir);
  const place = { source, baseDir, filePath: join(baseDir, FILE) };
  const real = await realpath(place.filePath).catch(() => undefined);
  if (real === undefined) return undefined;
  if (!isInside(real, root))
    return brokenSkill(name, place, "leads out of its folder; copy it there instead of linking it");
  try {
    const text = await readText(real);
    if (text === undefined) return brokenSkill(name, place, `is no file of at most ${MAX_BYTES} bytes`);
    const front = await parseFrontMatter(text);
    return "problem" in front ? brokenSkill(name, place, front.problem) : skillOf(front.data, name, place);
  } catch (error) {
    return brokenSkill(name, place, `cannot be read: ${errorText(error)}`);
  }
}

/** Nothing for a folder, a pipe or a flood; none of them is waited for. */
async function readText(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size > MAX_BYTES) return undefined;
    return (await file.readFile()).toString("utf8");
  } finally {
    await file.close();
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}
