import { isDeepStrictEqual } from "node:util";
import type { Settings, SkillInfo, SkillsSnapshot } from "openclaw/plugin-sdk";
import { execEnvironment } from "openclaw/plugin-sdk/exec";
import { agentOf, agentsOf } from "./agents.ts";
import { discoverSkills } from "./discovery.ts";
import { checkEligibility, entryOf } from "./eligibility.ts";
import type { Eligibility } from "./eligibility.ts";
import { skillFolders } from "./folders.ts";
import type { FolderRules } from "./folders.ts";
import { findPrograms } from "./programs.ts";
import { snapshotOf } from "./prompt.ts";
import type { Skill } from "./skill.ts";

export interface CheckedSkill {
  readonly skill: Skill;
  readonly check: Eligibility;
}

/** What one agent has, read from disk once. */
interface Shelf {
  readonly skills: readonly CheckedSkill[];
  readonly snapshots: Map<string, SkillsSnapshot>;
}

const MAX_SNAPSHOTS = 50;

/** The skills of all agents, kept until {@link refresh} finds them changed. */
export class SkillCatalog {
  readonly #rules: FolderRules;
  readonly #changed: (version: number) => void;
  readonly #shelves = new Map<string, Promise<Shelf>>();
  #bins: readonly string[] = [];
  #callable: readonly Skill[] = [];
  #version = 1;

  constructor(rules: FolderRules, changed: (version: number) => void) {
    this.#rules = rules;
    this.#changed = changed;
  }

  /** Programs of usable skills that the owner has put there; what an agent can write does not allow it anything. */
  get bins(): readonly string[] {
    return this.#bins;
  }

  /** Those that people may call by name, of all agents that have been read, by name. */
  get callable(): readonly Skill[] {
    return this.#callable;
  }

  async list(agentId: string): Promise<readonly CheckedSkill[]> {
    return (await this.#shelf(agentId)).skills;
  }

  /** Those that the agent may use at all, with those that prompts do not name. */
  async usable(agentId: string): Promise<readonly Skill[]> {
    return this.#usableOf(agentId, await this.list(agentId));
  }

  async snapshot(agentId: string, only?: readonly string[]): Promise<SkillsSnapshot> {
    const { skills, snapshots } = await this.#shelf(agentId);
    const own = agentsOf(this.#rules.settings).find(({ id }) => id === agentId)?.skills;
    const key = JSON.stringify([own ?? null, only ?? null]);
    const known = snapshots.get(key);
    if (known) return known;
    const allowed = (name: string) => (own?.includes(name) ?? true) && (only?.includes(name) ?? true);
    const infos = skills
      .filter(({ skill, check }) => check.eligible && !skill.hidden && allowed(skill.name))
      .map(({ skill }): SkillInfo => ({ name: skill.name, description: skill.description, path: skill.filePath }));
    const made = snapshotOf(infos, this.#version);
    // Groups come and go: the oldest answer makes room.
    if (snapshots.size >= MAX_SNAPSHOTS) snapshots.delete(snapshots.keys().next().value as string);
    snapshots.set(key, made);
    return made;
  }

  async environment(agentId: string): Promise<Readonly<Record<string, string>>> {
    const variables: Record<string, string> = {};
    for (const { skill, check } of await this.list(agentId)) {
      if (!check.eligible) continue;
      const { apiKey, env = {} } = entryOf(skill, this.#rules.settings);
      const given = { ...(apiKey && skill.primaryEnv !== undefined && { [skill.primaryEnv]: apiKey }), ...env };
      for (const [name, value] of Object.entries(given)) {
        if (process.env[name] === undefined && isHarmless(name, value)) variables[name] = value;
      }
    }
    return variables;
  }

  /** Read everything anew. When an agent's skills are not what they were, there is a new version. */
  async refresh(): Promise<void> {
    const agents = new Set(agentsOf(this.#rules.settings).map(({ id }) => id));
    for (const id of this.#shelves.keys()) if (!agents.has(id)) this.#shelves.delete(id);
    const read = [...agents].map(async (id) => {
      const before = await this.#shelves.get(id);
      return { id, before, skills: await this.#read(id) };
    });
    this.#replace(await Promise.all(read));
  }

  /** The configuration has changed: from now on everybody is told what agents may use by the new one. */
  async reconfigured(): Promise<void> {
    const agents = new Set(agentsOf(this.#rules.settings).map(({ id }) => id));
    const old = [...this.#shelves];
    this.#shelves.clear();
    const read = old
      .filter(([id]) => agents.has(id))
      .map(async ([id, shelf]) => {
        const after = this.#shelf(id);
        return { id, before: await shelf, skills: (await after).skills };
      });
    const all = await Promise.all(read);
    this.#bins = binsOf(all.flatMap(({ skills }) => skills));
    this.#callable = this.#callableOf(all);
    // Which skills an agent may use is in the configuration too, so the next snapshots may differ in any case.
    this.#announce();
  }

  #replace(
    read: readonly { readonly id: string; readonly before: Shelf | undefined; readonly skills: CheckedSkill[] }[],
  ): void {
    const changed = read.filter(({ before, skills }) => !before || !isDeepStrictEqual(before.skills, skills));
    for (const { id, skills } of changed) this.#shelves.set(id, Promise.resolve({ skills, snapshots: new Map() }));
    this.#bins = binsOf(read.flatMap(({ skills }) => skills));
    const callable = this.#callableOf(read);
    const isNew = !isDeepStrictEqual(callable, this.#callable);
    this.#callable = callable;
    if (changed.some(({ before }) => before !== undefined)) this.#announce();
    else if (isNew) this.#changed(this.#version);
  }

  #usableOf(agentId: string, skills: readonly CheckedSkill[]): readonly Skill[] {
    const own = agentsOf(this.#rules.settings).find(({ id }) => id === agentId)?.skills;
    return skills
      .filter(({ skill, check }) => check.eligible && (own?.includes(skill.name) ?? true))
      .map(({ skill }) => skill);
  }

  #callableOf(read: readonly { readonly id: string; readonly skills: readonly CheckedSkill[] }[]): readonly Skill[] {
    const all = read
      .flatMap(({ id, skills }) => this.#usableOf(id, skills))
      .filter(({ notForPeople }) => !notForPeople);
    const byName = new Map(all.map((skill) => [skill.name, skill]));
    return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #announce(): void {
    this.#version++;
    for (const shelf of this.#shelves.values()) void shelf.then(({ snapshots }) => snapshots.clear());
    this.#changed(this.#version);
  }

  #shelf(agentId: string): Promise<Shelf> {
    const { id } = agentOf(this.#rules.settings, agentId);
    let shelf = this.#shelves.get(id);
    if (!shelf) {
      shelf = this.#read(id).then((skills) => ({ skills, snapshots: new Map() }));
      this.#shelves.set(id, shelf);
      shelf.catch(() => this.#shelves.delete(id));
    }
    return shelf;
  }

  async #read(agentId: string): Promise<CheckedSkill[]> {
    return checkSkills(await discoverSkills(skillFolders(agentId, this.#rules)), this.#rules.settings);
  }
}

/** Skills with what they lack on this machine. */
export async function checkSkills(skills: readonly Skill[], settings: Settings): Promise<CheckedSkill[]> {
  const programs = await findPrograms(skills);
  const around = {
    settings,
    platform: process.platform,
    env: process.env,
    hasBin: (name: string) => programs.has(name),
  };
  return skills.map((skill) => ({ skill, check: checkEligibility(skill, around) }));
}

function binsOf(skills: readonly CheckedSkill[]): string[] {
  const owned = skills.filter(({ skill, check }) => check.eligible && skill.source !== "openclaw-workspace");
  return [...new Set(owned.flatMap(({ skill }) => [...skill.requires.bins, ...skill.requires.anyBins]))].toSorted();
}

function isHarmless(name: string, value: string): boolean {
  try {
    execEnvironment({}, { [name]: value });
    return true;
  } catch {
    // It would decide what programs load; a skill does not get it.
    return false;
  }
}
