import { SyncHook } from "tapable";
import { defineService } from "../service.ts";

/** A skill that an agent may use: instructions in a file, which the model reads when it needs them. */
export interface SkillInfo {
  readonly name: string;
  readonly description: string;
  /** The `SKILL.md`. */
  readonly path: string;
}

/** What the prompt of one agent says about skills. Frozen; the same object is handed out until something changes. */
export interface SkillsSnapshot {
  /** Grows with every change of any skill or of the configuration of skills. */
  readonly version: number;
  /** Of `prompt`: equal hash, equal text. */
  readonly hash: string;
  /** What stands under the heading of skills in a prompt, byte for byte the same for the same skills; empty without any. */
  readonly prompt: string;
  readonly skills: readonly SkillInfo[];
}

export interface SkillsApi {
  /**
   * The eligible skills of an agent. Read once and kept until a skill, a program on the path or the configuration
   * changes: asking at every turn costs nothing. `only` narrows it to these names (of a group, say); `[]` is none.
   */
  snapshot(agentId: string, only?: readonly string[]): Promise<SkillsSnapshot>;
  /**
   * Variables that the configuration gives to the eligible skills of an agent, for the commands they run. Never one
   * that could change how programs are loaded, never one that the gateway itself has.
   */
  environment(agentId: string): Promise<Readonly<Record<string, string>>>;
}

export const Skills = defineService<SkillsApi, ReturnType<typeof createHooks>>("skills", createHooks);

function createHooks() {
  return {
    /** What snapshots say may differ from now on; with the version of the next ones. */
    changed: new SyncHook<[number]>(["version"], "skills.changed"),
  };
}
