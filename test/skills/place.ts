import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Put a skill into a folder of skills; `fields` stand below the description in its front matter. */
export function writeSkill(folder: string, name: string, description = `does ${name}`, fields = ""): string {
  const path = join(folder, name, "SKILL.md");
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(path, `---\nname: ${name}\ndescription: ${description}\n${fields}---\n\n# ${name}\n`);
  return path;
}

/** The same with what a skill needs, as one line of YAML. */
export function writeNeedy(folder: string, name: string, needs: string): string {
  return writeSkill(folder, name, `needs ${name}`, `metadata: { openclaw: ${needs} }\n`);
}

/** A folder of programs at the head of the search path of this process, until it is disposed of. */
export function programs(folder: string): Disposable & { add(name: string, script?: string): void } {
  const before = process.env["PATH"];
  mkdirSync(folder, { recursive: true });
  process.env["PATH"] = `${folder}${delimiter}${before ?? ""}`;
  return {
    add(name, script = "exit 0") {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    },
    [Symbol.dispose]() {
      process.env["PATH"] = before;
    },
  };
}
