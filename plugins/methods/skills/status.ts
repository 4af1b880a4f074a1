import type { CheckedSkill } from "./catalog.ts";
import type { InstallOption } from "./install-option.ts";

/** A skill as `skills.status` tells of it (protocol.md §9.10). */
export function statusRow({ skill, check }: CheckedSkill, platform: string = process.platform) {
  const { name, description, source, filePath, baseDir, skillKey, emoji, homepage, primaryEnv, always, problem } =
    skill;
  return {
    name,
    description,
    source,
    bundled: source === "openclaw-bundled",
    filePath,
    baseDir,
    skillKey,
    ...(emoji !== undefined && { emoji }),
    ...(homepage !== undefined && { homepage }),
    ...(primaryEnv !== undefined && { primaryEnv }),
    always,
    disabled: check.disabled,
    blockedByAllowlist: check.blockedByAllowlist,
    eligible: check.eligible,
    requirements: skill.requires,
    missing: check.missing,
    configChecks: check.configChecks,
    install: skill.install
      .filter((option) => isFor(option, platform))
      .map(({ id, kind, label, bins }) => ({ id, kind, label, bins })),
    ...(problem !== undefined && { problem }),
  };
}

export type StatusRow = ReturnType<typeof statusRow>;

export function isFor({ os }: InstallOption, platform: string): boolean {
  return os.length === 0 || os.includes(platform);
}
