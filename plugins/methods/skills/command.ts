import { agentOfKey, Messaging } from "openclaw/plugin-sdk";
import type { FurtherCommand, PluginGateway } from "openclaw/plugin-sdk";
import type { SkillCatalog } from "./catalog.ts";
import type { Skill } from "./skill.ts";

const LISTED = 60;
const SUMMARY = 120;
/** What all networks take. */
const COMMAND = /^[a-z][a-z0-9-]{0,31}$/;

/** `/skill <name> [what for]`, or `/<name> [what for]`: the agent is asked to do it with this skill; without a name they are listed (agent.md §19). */
export function registerSkillCommand(gateway: PluginGateway, catalog: SkillCatalog): void {
  gateway.hooks
    .of(Messaging)
    .command.for("skill")
    .tap(
      {
        description: "use a skill: /skill <name> and what for; alone, the list of them",
        aliases: ["skills"],
        acceptsArgs: true,
        yields: true,
        further: () => named(catalog.callable, gateway.settings.get("commands.nativeSkills") !== false),
        async asks(args, { sessionKey }) {
          const { name, rest } = wordsOf(args);
          const skill = name === "" ? undefined : find(await callable(catalog, sessionKey), name);
          return skill && question(skill, rest);
        },
      },
      async ({ args, session }) => {
        const skills = await callable(catalog, session.key);
        const { name } = wordsOf(args);
        if (skills.length === 0) return { text: "There are no skills here; see openclaw skills.", format: "plain" };
        if (name === "") return { text: list(skills), format: "plain" };
        const all = await catalog.list(session.agentId);
        const isKnown = all.some(({ skill }) => skill.name.toLowerCase() === name.toLowerCase());
        const why = isKnown
          ? `The skill "${name}" cannot be used here: openclaw skills info ${name} says why.`
          : `There is no skill "${name}"; /skill lists those there are.`;
        return { text: why, format: "plain" };
      },
    );
}

/** Each skill under its own name, in the letters of commands; of two that are written the same the first. */
function named(skills: readonly Skill[], isListed: boolean): FurtherCommand[] {
  const commands = new Map<string, FurtherCommand>();
  for (const skill of skills) {
    const name = skill.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "");
    if (!COMMAND.test(name) || commands.has(name)) continue;
    commands.set(name, { name, description: skill.description, args: `"${skill.name}"`, isListed });
  }
  return [...commands.values()].slice(0, LISTED);
}

async function callable(catalog: SkillCatalog, sessionKey: string): Promise<readonly Skill[]> {
  const agentId = agentOfKey(sessionKey) ?? "main";
  return (await catalog.usable(agentId)).filter(({ notForPeople }) => !notForPeople);
}

/** Names are written as chats allow it: case, blanks and underscores do not matter. */
function find(skills: readonly Skill[], name: string): Skill | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_]+/g, "-");
  return skills.find((skill) => skill.name === name) ?? skills.find((skill) => plain(skill.name) === plain(name));
}

function question({ name, filePath }: Skill, rest: string): string {
  const how = `Use the skill "${name}": read ${filePath} and do what it says.`;
  return rest === "" ? how : `${how}\n\n${rest}`;
}

function list(skills: readonly Skill[]): string {
  const lines = skills.slice(0, LISTED).map(({ name, description }) => {
    const short = description.length > SUMMARY ? `${description.slice(0, SUMMARY)}…` : description;
    return `- ${name}: ${short}`;
  });
  if (skills.length > LISTED) lines.push(`… and ${skills.length - LISTED} more: openclaw skills`);
  return ["Skills, used with /skill <name> and what for:", ...lines].join("\n");
}

/** The name is the first word, or stands in quotes. */
function wordsOf(args: string): { readonly name: string; readonly rest: string } {
  const [, quoted, word = "", rest = ""] = /^(?:"([^"]*)"|(\S*))\s*([\s\S]*)$/.exec(args.trim()) ?? [];
  return { name: quoted ?? word, rest: rest.trim() };
}
