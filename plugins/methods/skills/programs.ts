import { findProgram } from "openclaw/plugin-sdk/exec";
import type { Skill } from "./skill.ts";

/** Which of the programs that skills need are on the search path, looked up at once. */
export async function findPrograms(
  skills: readonly Skill[],
  path = process.env["PATH"] ?? "",
): Promise<ReadonlySet<string>> {
  const names = new Set(skills.flatMap(({ requires }) => [...requires.bins, ...requires.anyBins]));
  // A path is no name: what lies beside a skill is not installed.
  const plain = [...names].filter((name) => !/[\\/]/.test(name));
  const found = await Promise.all(
    plain.map(async (name) => ((await findProgram(name, { cwd: "/", path })) === undefined ? [] : [name])),
  );
  return new Set(found.flat());
}
