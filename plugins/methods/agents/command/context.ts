import type { CommandCall } from "openclaw/plugin-sdk";

interface Report {
  readonly systemPrompt: { readonly chars: number; readonly projectContextChars: number };
  readonly injectedWorkspaceFiles: readonly {
    readonly name: string;
    readonly missing: boolean;
    readonly rawChars: number;
    readonly injectedChars: number;
    readonly truncated: boolean;
  }[];
  readonly skills: { readonly promptChars: number; readonly entries: readonly { readonly name: string }[] };
  readonly tools: {
    readonly listChars: number;
    readonly schemaChars: number;
    readonly entries: readonly { readonly name: string; readonly schemaChars: number }[];
  };
}

/** `/context [list|detail|json]`: what fills the prompt of this session. */
export function context({ args, session }: CommandCall): string {
  const report = session.entry["systemPromptReport"] as Report | undefined;
  if (!report) return "There is no prompt yet: it is made with the first turn of the session.";
  if (args === "json") return JSON.stringify(report, null, 2);
  const { systemPrompt, injectedWorkspaceFiles, skills, tools } = report;
  const lines = [
    `System prompt: ${systemPrompt.chars} characters, of which ${systemPrompt.projectContextChars} are files`,
    `Tools: ${tools.entries.length}, ${tools.listChars} characters in the list, ${tools.schemaChars} of schemas`,
    `Skills: ${skills.entries.length}, ${skills.promptChars} characters`,
    `Conversation: ${session.entry.totalTokens ?? 0} of ${session.entry.contextTokens ?? 0} tokens`,
    ...injectedWorkspaceFiles.map(({ name, missing, injectedChars, rawChars, truncated }) =>
      missing ? `- ${name}: missing` : `- ${name}: ${injectedChars}${truncated ? ` of ${rawChars}, shortened` : ""}`,
    ),
  ];
  if (args === "detail") {
    lines.push(...tools.entries.map(({ name, schemaChars }) => `- tool ${name}: ${schemaChars}`));
    lines.push(...skills.entries.map(({ name }) => `- skill ${name}`));
  }
  return lines.join("\n");
}
