import type { Settings } from "openclaw/plugin-sdk";
import type { CheckedSkill } from "./catalog.ts";
import type { InstallOption } from "./install-option.ts";

/** A skill as `skills.status` tells of it (protocol.md §9.10). */
export function statusRow({ skill, check }: CheckedSkill, prefersBrew = true, platform: string = process.platform) {
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
      .toSorted((a, b) => (prefersBrew ? 1 : -1) * (Number(b.kind === "brew") - Number(a.kind === "brew")))
      .map(({ id, kind, label, bins }) => ({ id, kind, label, bins })),
    ...(problem !== undefined && { problem }),
  };
}

/** Which of its installers a skill offers first. */
export function prefersBrew(settings: Settings): boolean {
  return settings.get<boolean>("skills.install.preferBrew") !== false;
}

export type StatusRow = ReturnType<typeof statusRow>;

export function isFor({ os }: InstallOption, platform: string): boolean {
  return os.length === 0 || os.includes(platform);
}
