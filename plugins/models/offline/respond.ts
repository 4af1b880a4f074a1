import type { GatewayState, PluginState } from "openclaw/plugin-sdk";

const NO_MODEL =
  "I am the offline responder of this gateway, not a language model: I only know a few fixed answers about the gateway itself.";

const ADD_MODEL = [
  "To get real answers, choose a model and give it a key:",
  "",
  "  openclaw models set openai/gpt-5.2",
  "  openclaw models auth add openai",
  "",
  "anthropic, google and others work the same way. A local one needs an address and no key, for example:",
  "",
  '  openclaw config set models.providers.ollama \'{ baseUrl: "http://127.0.0.1:11434/v1", api: "openai-completions" }\'',
  "  openclaw models set ollama/llama3.2",
  "",
  "Any endpoint that speaks the OpenAI chat API can be named like that. openclaw models status says what is still missing; no restart is needed.",
].join("\n");

/** What the gateway says of itself, when it is asked. */
export interface Surroundings {
  readonly state: () => GatewayState;
  readonly plugins: () => readonly PluginState[];
}

/** The answer to `text`. The same question about the same gateway gets the same answer. */
export function respond(text: string, { state, plugins }: Surroundings): string {
  const words = new Set(text.toLowerCase().match(/[a-z]+/g) ?? []);
  const asks = (...topics: string[]) => topics.some((topic) => words.has(topic));
  if (asks("status", "health", "uptime", "running")) return status(state(), plugins());
  if (asks("plugin", "plugins")) return pluginList(plugins());
  if (asks("help", "commands", "what")) return help();
  if (asks("model", "models", "key", "openai", "anthropic", "ollama", "llm")) return `${NO_MODEL}\n\n${ADD_MODEL}`;
  if (asks("hello", "hi", "hey", "hallo"))
    return `Hello! Your gateway works: this message went through it and back. ${NO_MODEL} Say "model" to learn how to add a real one.`;
  return `I got your message: "${excerpt(text)}"\n\n${NO_MODEL} Say "model" to learn how to add a real one, or "help" to see the answers.`;
}

function help(): string {
  return [
    NO_MODEL,
    "",
    'Ask me about "status" (is the gateway well?), "plugins" (what is loaded?) or "model" (how to add a language model).',
    "On the command line: openclaw status, openclaw plugins list, openclaw config get <path>, openclaw logs --follow.",
  ].join("\n");
}

function status(
  { version, host, port, bind, authMode, uptimeMs, ready, issues }: GatewayState,
  plugins: readonly PluginState[],
): string {
  const troubled = plugins.filter(({ state }) => ["failed", "invalid", "missing", "zombie"].includes(state));
  return [
    `Gateway ${version} listens on ${host}:${port} (${bind}), auth: ${authMode}, up ${duration(uptimeMs)}.`,
    ready && troubled.length === 0 ? "It is ready and nothing is wrong." : "It needs attention:",
    ...issues.map(({ path, message }) => `- ${path === "" ? "" : `${path}: `}${message}`),
    ...troubled.map(({ id, state, error, reason }) => `- plugin ${id} is ${state}: ${error ?? reason}`),
  ].join("\n");
}

function pluginList(plugins: readonly PluginState[]): string {
  const on = plugins.filter(({ enabled }) => enabled);
  const lines = on.map(({ id, state, description }) => `- ${id} (${state})${description ? `: ${description}` : ""}`);
  return [`${on.length} of ${plugins.length} plugins are enabled:`, ...lines].join("\n");
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  const hours = Math.floor(minutes / 60);
  return hours < 1 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

function excerpt(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
