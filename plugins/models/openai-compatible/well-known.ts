/** Base URLs of providers that need no `models.providers.<id>.baseUrl` (agent.md §7.2). */
export const WELL_KNOWN: Readonly<Record<string, string>> = {
  cerebras: "https://api.cerebras.ai/v1",
  deepseek: "https://api.deepseek.com/v1",
  groq: "https://api.groq.com/openai/v1",
  lmstudio: "http://127.0.0.1:1234/v1",
  mistral: "https://api.mistral.ai/v1",
  moonshot: "https://api.moonshot.ai/v1",
  ollama: "http://127.0.0.1:11434/v1",
  openrouter: "https://openrouter.ai/api/v1",
  together: "https://api.together.xyz/v1",
  xai: "https://api.x.ai/v1",
};
