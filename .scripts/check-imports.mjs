// Keeps the direction of imports: plugins → sdk ← kernel ← kernel/cli, and everybody outside by package name only.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts", "*.mts"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(file));
const IMPORT = /(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
const problems = [];

for (const file of files) {
  for (const [, target] of readFileSync(file, "utf8").matchAll(IMPORT)) {
    const problem = judge(file, target);
    if (problem) problems.push(`${file}: ${problem} (${target})`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`imports of ${files.length} files checked, ${problems.length} against the direction`);
process.exit(problems.length === 0 ? 0 : 1);

function judge(file, target) {
  const [area] = file.split("/");
  if (!target.startsWith("."))
    return /^openclaw\/(?!plugin-sdk)/.test(target) ? "only openclaw/plugin-sdk may be imported by name" : undefined;
  const path = normalize(join(dirname(file), target));
  const [reached] = path.split("/");
  if (area === "test" || reached === area) {
    if (area === "plugins" && folderOf(path) !== folderOf(file))
      return "a plugin may not reach into another one; ask for a service";
    if (path.startsWith("kernel/cli/") && area === "kernel" && !file.startsWith("kernel/cli/"))
      return "the command line starts the kernel, not the other way round";
    return undefined;
  }
  if (area === "sdk")
    return file.startsWith("sdk/testing/") && reached === "kernel" ? undefined : "the SDK imports libraries only";
  return `${area}/ reaches ${reached}/ by path; use the package name`;
}

/** `plugins/<group>/<id>` */
function folderOf(path) {
  return path.split("/").slice(0, 3).join("/");
}
