import type { ModelTool, SkillsSnapshot } from "openclaw/plugin-sdk";
import { fileText, toolLine } from "./sections.ts";
import type { PromptFacts } from "./sections.ts";

export interface ReportPlace {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly provider: string;
  readonly model: string;
  readonly bootstrapMaxChars: number;
  readonly skills: SkillsSnapshot | undefined;
}

/** What fills a system prompt, in characters (agent.md §9). */
export function promptReport(text: string, facts: PromptFacts, place: ReportPlace): object {
  const { skills, bootstrapMaxChars, ...where } = place;
  const projectContextChars = facts.files.reduce((sum, file) => sum + fileText(file).length, 0);
  return {
    source: "run",
    generatedAt: Date.now(),
    ...where,
    workspaceDir: facts.workspace,
    bootstrapMaxChars,
    sandbox: { mode: facts.sandbox?.mode ?? "off", sandboxed: facts.sandbox !== undefined },
    systemPrompt: {
      chars: text.length,
      projectContextChars,
      nonProjectContextChars: text.length - projectContextChars,
    },
    injectedWorkspaceFiles: facts.files.map(({ name, path, missing, rawChars, text: injected, truncated }) => ({
      name,
      path,
      missing,
      rawChars,
      injectedChars: injected.length,
      truncated,
    })),
    skills: {
      promptChars: facts.skills.length,
      entries: (skills?.skills ?? []).map(({ name, description }) => ({
        name,
        blockChars: name.length + description.length,
      })),
    },
    tools: {
      listChars: facts.tools.reduce((sum, tool) => sum + toolLine(tool).length, 0),
      schemaChars: facts.tools.reduce((sum, tool) => sum + schemaChars(tool), 0),
      entries: facts.tools.map((tool) => ({
        name: tool.name,
        summaryChars: toolLine(tool).length,
        schemaChars: schemaChars(tool),
        propertiesCount: Object.keys((tool.parameters as { properties?: object }).properties ?? {}).length,
      })),
    },
  };
}

/** Schemas are the same objects from turn to turn. */
const sizes = new WeakMap<object, number>();

function schemaChars({ parameters }: ModelTool): number {
  const known = sizes.get(parameters);
  if (known !== undefined) return known;
  const size = JSON.stringify(parameters).length;
  sizes.set(parameters, size);
  return size;
}
