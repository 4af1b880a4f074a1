import type { KnownProvider } from "openclaw/plugin-sdk";

/** Providers that need nothing but a key, and those that run on this machine and need not even that (agent.md §7.2). */
export const WELL_KNOWN: Readonly<Record<string, Omit<KnownProvider, "api"> & { readonly label: string }>> = {
  cerebras: { label: "Cerebras", baseUrl: "https://api.cerebras.ai/v1", env: ["CEREBRAS_API_KEY"] },
  deepseek: {
    label: "DeepSeek",
    baseUrl: "https://api.deepseek.com/v1",
    env: ["DEEPSEEK_API_KEY"],
    models: [
      { id: "deepseek-chat", name: "DeepSeek Chat", contextWindow: 128_000, maxTokens: 8_192 },
      {
        id: "deepseek-reasoner",
        name: "DeepSeek Reasoner",
        contextWindow: 128_000,
        maxTokens: 65_536,
        reasoning: true,
      },
    ],
  },
  groq: { label: "Groq", baseUrl: "https://api.groq.com/openai/v1", env: ["GROQ_API_KEY"] },
  lmstudio: { label: "LM Studio", baseUrl: "http://127.0.0.1:1234/v1", env: ["LMSTUDIO_API_KEY"], keyless: true },
  mistral: { label: "Mistral", baseUrl: "https://api.mistral.ai/v1", env: ["MISTRAL_API_KEY"] },
  moonshot: { label: "Moonshot", baseUrl: "https://api.moonshot.ai/v1", env: ["MOONSHOT_API_KEY"] },
  ollama: { label: "Ollama", baseUrl: "http://127.0.0.1:11434/v1", env: ["OLLAMA_API_KEY"], keyless: true },
  openrouter: {
    label: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    env: ["OPENROUTER_API_KEY"],
    models: [{ id: "auto", name: "OpenRouter Auto", contextWindow: 200_000, input: ["text", "image"] }],
  },
  together: { label: "Together", baseUrl: "https://api.together.xyz/v1", env: ["TOGETHER_API_KEY"] },
  "vercel-ai-gateway": {
    label: "Vercel AI Gateway",
    baseUrl: "https://ai-gateway.vercel.sh/v1",
    env: ["AI_GATEWAY_API_KEY"],
  },
  xai: { label: "xAI", baseUrl: "https://api.x.ai/v1", env: ["XAI_API_KEY"] },
  zai: { label: "Z.AI", baseUrl: "https://api.z.ai/api/paas/v4", env: ["ZAI_API_KEY", "Z_AI_API_KEY"] },
};
