import type { Backend } from "./backend.ts";

export interface CommandLineParts {
  readonly model: string;
  readonly prompt: string;
  readonly system: string;
  /** Of the session that goes on. */
  readonly resume: string | undefined;
  /** Of a new session, for a command that lets us choose. */
  readonly newSession: string;
  readonly images: readonly string[];
}

export interface CommandLine {
  readonly args: readonly string[];
  /** For stdin; `undefined` when the prompt stands among the arguments. */
  readonly input: string | undefined;
  /** The session's id, when it is known before the command has said one. */
  readonly sessionId: string | undefined;
}

/** The arguments of one run. No shell sees them, and nothing that people write can become a flag. */
export function commandLine(backend: Backend, parts: CommandLineParts): CommandLine {
  const { model, prompt, system, resume, newSession, images } = parts;
  const args = [...(resume !== undefined && backend.resumeArgs ? backend.resumeArgs : backend.args)];
  const id = resume ?? (backend.sessionMode === "always" ? newSession : undefined);
  const isNew = resume === undefined;
  if (backend.modelArg !== undefined && model !== "" && model !== "default")
    args.push(backend.modelArg, backend.modelAliases[model] ?? model);
  if (id !== undefined && (isNew || !backend.resumeArgs)) {
    if (backend.sessionArgs) args.push(...backend.sessionArgs);
    else if (backend.sessionArg !== undefined) args.push(backend.sessionArg, id);
  }
  const wantsSystem = backend.systemPromptWhen === "always" || (backend.systemPromptWhen === "first" && isNew);
  if (backend.systemPromptArg !== undefined && wantsSystem && system !== "") args.push(backend.systemPromptArg, system);
  if (backend.imageArg !== undefined && images.length > 0) {
    if (backend.imageMode === "list") args.push(backend.imageArg, images.join(","));
    else for (const image of images) args.push(backend.imageArg, image);
  }
  const filled = args.map((arg) => arg.replaceAll("{sessionId}", id ?? "").replaceAll("{model}", model));
  const byStdin =
    backend.input === "stdin" || prompt.length > backend.maxPromptArgChars || prompt.trimStart().startsWith("-");
  return { args: byStdin ? filled : [...filled, prompt], input: byStdin ? prompt : undefined, sessionId: id };
}
