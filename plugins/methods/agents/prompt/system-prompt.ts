import { hostname, release, type as systemName } from "node:os";
import { HEARTBEAT_PROMPT, isProvided } from "openclaw/plugin-sdk";
import type {
  Agents,
  HooksOf,
  ModelCandidate,
  ModelTool,
  PluginGateway,
  Session,
  SessionsApi,
  SkillsApi,
  SkillsSnapshot,
  TurnPlace,
  Work,
} from "openclaw/plugin-sdk";
import { isSandboxed, SANDBOX_WORKSPACE, sandboxSettings } from "openclaw/plugin-sdk/workspace";
import type { Agent } from "../roster.ts";
import { bootstrapFile, BootstrapFiles } from "./bootstrap-files.ts";
import type { BootstrapFile } from "./bootstrap-files.ts";
import { promptReport } from "./prompt-report.ts";
import { promptText } from "./sections.ts";
import type { PromptFacts, PromptMode } from "./sections.ts";

export interface PromptRequest {
  readonly agent: Agent;
  readonly session: Session;
  readonly work: Work;
  /** What the group or room says that the message was written in. */
  readonly place: TurnPlace | undefined;
  readonly candidate: ModelCandidate;
  readonly tools: readonly ModelTool[];
  readonly thinking: string;
  readonly reasoning: string;
}

export interface SystemPromptParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly skills: SkillsApi;
  readonly hooks: () => HooksOf<typeof Agents>;
  /** Folder of the gateway's own documentation. */
  readonly docs: string | undefined;
}

export interface BuiltPrompt {
  readonly text: string;
  /** For `meta.systemPromptReport`, the session and `/context`: made when the answer is there. */
  readonly report: () => object;
}

/** Sub-agents are told how to work and what their tools are, not who their owner is. */
const FOR_SUBAGENTS: ReadonlySet<string> = new Set(["AGENTS.md", "TOOLS.md"]);
/** Not there is how it should be. */
const OPTIONAL: ReadonlySet<string> = new Set(["BOOTSTRAP.md", "MEMORY.md"]);
const MAX_MADE = 64;

/** System prompts. Files, skills and tools are looked at when they change; the same facts give the text made before. */
export class SystemPrompts {
  readonly #gateway: PluginGateway;
  readonly #sessions: SessionsApi;
  readonly #skills: SkillsApi;
  readonly #files: BootstrapFiles;
  readonly #hooks: () => HooksOf<typeof Agents>;
  readonly #host: string;
  readonly #docs: string | undefined;
  /** Asking for it takes longer than all the rest of a prompt. */
  #hostZone: string | undefined;
  readonly #made = new Map<string, string>();

  constructor({ gateway, sessions, skills, hooks, docs }: SystemPromptParts) {
    this.#docs = docs;
    this.#hooks = hooks;
    this.#gateway = gateway;
    this.#sessions = sessions;
    this.#skills = skills;
    this.#files = new BootstrapFiles(gateway);
    this.#host = `host=${hostname()} | os=${systemName()} ${release()} | node=${process.versions.node}`;
  }

  #zoneOfHost(): string {
    return (this.#hostZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  async build(request: PromptRequest, hooks: HooksOf<typeof Agents> = this.#hooks()): Promise<BuiltPrompt> {
    const { agent, session, candidate } = request;
    const mode = modeOf(session.key);
    const snapshot = mode === "full" ? await this.#snapshot(agent.id, session, request.place) : undefined;
    const files = this.#shown(await this.#files.of(agent.workspace), mode, request);
    const facts = this.#facts(request, mode, snapshot, await this.#chosen(files, request, hooks));
    const text = this.#text(facts);
    const { maxChars } = this.#files;
    const report = () =>
      promptReport(text, facts, {
        sessionId: session.entry.sessionId,
        sessionKey: session.key,
        provider: candidate.provider,
        model: candidate.model.id,
        bootstrapMaxChars: maxChars,
        skills: snapshot,
      });
    return { text, report };
  }

  #snapshot(agentId: string, session: Session, place: TurnPlace | undefined): Promise<SkillsSnapshot> | undefined {
    if (!isProvided(this.#skills)) return undefined;
    const only = place?.skills ?? session.entry["skillFilter"];
    return this.#skills.snapshot(agentId, Array.isArray(only) ? (only as string[]) : undefined);
  }

  /** Which files this session may see: what is private stays in the private main session. */
  #shown(files: readonly BootstrapFile[], mode: PromptMode, { session, work }: PromptRequest): BootstrapFile[] {
    const isPrivate = session.key === this.#sessions.mainKey(session.agentId) && work.envelope.chatType === "direct";
    return files.filter(({ name, missing, text }) => {
      if (mode === "minimal" && !FOR_SUBAGENTS.has(name)) return false;
      if (name === "MEMORY.md" && !isPrivate) return false;
      return missing ? !OPTIONAL.has(name) : text !== "";
    });
  }

  /** The files as plugins want them. */
  async #chosen(
    files: readonly BootstrapFile[],
    { agent, session }: PromptRequest,
    { bootstrapFiles }: HooksOf<typeof Agents>,
  ): Promise<readonly BootstrapFile[]> {
    if (!bootstrapFiles.isUsed()) return files;
    const context = { agentId: agent.id, sessionKey: session.key };
    const chosen = (await bootstrapFiles.promise(files, context)) ?? files;
    return chosen.map((file) => files.find((one) => one === file) ?? bootstrapFile(file, this.#files.maxChars));
  }

  #facts(
    { agent, session, work, place, candidate, tools, thinking, reasoning }: PromptRequest,
    mode: PromptMode,
    snapshot: SkillsSnapshot | undefined,
    files: readonly BootstrapFile[],
  ): PromptFacts {
    const { settings } = this.#gateway;
    const extra = [place?.systemPrompt, work.envelope.options?.["extraSystemPrompt"]]
      .filter((one) => typeof one === "string" && one.trim() !== "")
      .join("\n\n");
    const models = settings.get<Readonly<Record<string, { readonly alias?: string }>>>("agents.defaults.models") ?? {};
    const sandbox = isSandboxed(settings, { agentId: agent.id, sessionKey: session.key })
      ? sandboxSettings(settings, agent.id)
      : undefined;
    return {
      mode,
      agentId: agent.id,
      name: agent.name,
      workspace: sandbox ? SANDBOX_WORKSPACE : agent.workspace,
      sandbox: sandbox && { mode: sandbox.mode, workspaceAccess: sandbox.workspaceAccess },
      tools,
      hasOwnTools: candidate.ownsLoop,
      skills: snapshot?.prompt ?? "",
      aliases: Object.entries(models).flatMap(([reference, { alias }]) => (alias ? [[alias, reference] as const] : [])),
      timeZone: settings.get<string>("agents.defaults.userTimezone") ?? this.#zoneOfHost(),
      files,
      docs: sandbox ? undefined : this.#docs,
      extra: extra === "" ? undefined : extra,
      isGroup: work.envelope.chatType !== "direct",
      channel: work.envelope.channel,
      model: candidate.reference,
      thinking,
      reasoning,
      heartbeat: settings.get<string>("agents.defaults.heartbeat.prompt") ?? HEARTBEAT_PROMPT,
      host: sandbox ? "in a sandbox" : this.#host,
    };
  }

  #text(facts: PromptFacts): string {
    const { tools, ...others } = facts;
    const key = JSON.stringify([tools.map(({ name, description }) => [name, description]), others]);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const text = promptText(facts);
    this.#made.set(key, text);
    const [oldest] = this.#made.keys();
    if (this.#made.size > MAX_MADE && oldest !== undefined) this.#made.delete(oldest);
    return text;
  }
}

function modeOf(sessionKey: string): PromptMode {
  return /^agent:[^:]+:subagent:/.test(sessionKey) ? "minimal" : "full";
}
