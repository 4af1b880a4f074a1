import { stat } from "node:fs/promises";
import { GatewayError } from "openclaw/plugin-sdk";
import { readText, removeFile, writeText } from "./file.ts";
import { applyHunks } from "./patch.ts";
import type { FileChange } from "./patch.ts";

interface Step {
  readonly path: string;
  readonly name: string;
  /** `undefined`: the file goes. */
  readonly text: string | undefined;
  readonly before: string | undefined;
}

/**
 * Make the changes of a patch. Everything is read and fitted before anything is written; when a write fails, what was
 * written before it is put back.
 */
export async function applyPatch(
  changes: readonly FileChange[],
  resolve: (path: string) => Promise<string>,
): Promise<string[]> {
  const steps: Step[] = [];
  const told: string[] = [];
  for (const change of changes) {
    const path = await resolve(change.path);
    if (steps.some((step) => step.path === path))
      throw new GatewayError("INVALID_REQUEST", `the patch changes ${change.path} twice; make it one change`);
    if (change.kind === "add") {
      if (await stat(path).catch(() => undefined))
        throw new GatewayError("INVALID_REQUEST", `${change.path} is there already; update it instead`);
      steps.push({ path, name: change.path, text: change.text, before: undefined });
      told.push(`A ${change.path}`);
      continue;
    }
    const before = await readText(path, change.path);
    if (change.kind === "delete") {
      steps.push({ path, name: change.path, text: undefined, before });
      told.push(`D ${change.path}`);
      continue;
    }
    const text = applyHunks(before, change.hunks, change.path);
    if (change.moveTo === undefined) {
      steps.push({ path, name: change.path, text, before });
      told.push(`M ${change.path}`);
      continue;
    }
    const target = await resolve(change.moveTo);
    if (await stat(target).catch(() => undefined))
      throw new GatewayError("INVALID_REQUEST", `${change.moveTo} is there already; nothing can be moved to it`);
    steps.push({ path: target, name: change.moveTo, text, before: undefined });
    steps.push({ path, name: change.path, text: undefined, before });
    told.push(`R ${change.path} -> ${change.moveTo}`);
  }
  const done: Step[] = [];
  try {
    for (const step of steps) {
      if (step.text === undefined) await removeFile(step.path, step.name);
      else await writeText(step.path, step.name, step.text);
      done.push(step);
    }
  } catch (error) {
    for (const { path, name, before } of done.toReversed()) {
      if (before === undefined) await removeFile(path, name);
      else await writeText(path, name, before);
    }
    throw error;
  }
  return told;
}
