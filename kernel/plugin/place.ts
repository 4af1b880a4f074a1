import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";

const FRAME = /(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/])[^():]+):(\d+):\d+\)?$/gm;

/** The line of `folder` that an error came from, such as `index.ts:12`, for whoever wrote it. */
export function placeIn(folder: string, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const [, file = "", line] of stack.matchAll(FRAME)) {
    for (const root of [folder, real(folder)]) {
      if (file.startsWith(root + sep)) return `${relative(root, file)}:${line}`;
    }
  }
  return undefined;
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // It was taken away meanwhile.
    return folder;
  }
}
