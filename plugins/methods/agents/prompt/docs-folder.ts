import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The documentation that came with this gateway, found beside its manifest; nothing where it was left out. */
export function docsFolder(from: string): string | undefined {
  for (let at = from; dirname(at) !== at; at = dirname(at)) {
    if (!existsSync(join(at, "package.json"))) continue;
    const folder = join(at, "docs");
    return existsSync(join(folder, "agents.md")) ? folder : undefined;
  }
  return undefined;
}
