import type { Prompter } from "./prompter.ts";

type Edit = Map<string, unknown>;
type Get = <T>(path: string) => T | undefined;

interface Known {
  readonly id: string;
  readonly label: string;
  /** Without one a plugin knows the address and the dialect. */
  readonly baseUrl?: string;
  readonly model: string;
  readonly needsKey: boolean;
}

/** Providers with an address speak `openai-completions`, and so does any other one. */
const PROVIDERS: readonly Known[] = [
  { id: "anthropic", label: "Anthropic", model: "claude-sonnet-4-5", needsKey: true },
  { id: "openai", label: "OpenAI", model: "gpt-5-mini", needsKey: true },
  { id: "google", label: "Google", model: "gemini-2.5-flash", needsKey: true },
  {
    id: "openrouter",
    label: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    model: "openrouter/auto",
    needsKey: true,
  },
  { id: "ollama", label: "Ollama", baseUrl: "http://127.0.0.1:11434/v1", model: "llama3.2", needsKey: false },
  { id: "lmstudio", label: "LM Studio", baseUrl: "http://127.0.0.1:1234/v1", model: "local-model", needsKey: false },
];

/** Which model answers. The key of a provider goes into the configuration, which only its owner can read. */
export async function askModel(prompter: Prompter, get: Get, edit: Edit): Promise<string> {
  const model = get<string | { readonly primary?: string }>("agents.defaults.model");
  const current = typeof model === "string" ? model : model?.primary;
  const choice = await prompter.select(
    "Who answers?",
    [
      ...(current === undefined ? [] : [{ value: "keep", label: `${current}, as it is set` }]),
      { value: "offline", label: "The built-in responder", hint: "needs no account; repeats what it is told" },
      ...PROVIDERS.map(({ id, label }) => ({ value: id, label })),
      { value: "other", label: "Another OpenAI-compatible server" },
    ],
    current === undefined ? "offline" : "keep",
  );
  if (choice === "keep") return current as string;
  if (choice === "offline") {
    edit.set("agents.defaults.model", "offline/responder");
    return "offline/responder";
  }
  const known = PROVIDERS.find(({ id }) => id === choice);
  const provider = known?.id ?? (await askProviderName(prompter));
  const path = `models.providers.${provider}`;
  const isBuiltIn = known !== undefined && known.baseUrl === undefined;
  const baseUrl = isBuiltIn ? undefined : await askAddress(prompter, get<string>(`${path}.baseUrl`) ?? known?.baseUrl);
  const hasKey = get<string>(`${path}.apiKey`) !== undefined;
  const apiKey = await prompter.text({
    message: hasKey ? "API key (leave empty to keep the one that is there)" : "API key (leave empty for none)",
    sensitive: true,
    problem: (text) => (known?.needsKey && !hasKey && text === "" ? `${known.label} needs an API key` : undefined),
  });
  const id = await prompter.text({
    message: "Name of the model",
    initialValue: known?.model ?? "",
    problem: (text) => (/^\S+$/.test(text) ? undefined : "the name of a model has no spaces and is not empty"),
  });
  if (baseUrl !== undefined) {
    edit.set(`${path}.baseUrl`, baseUrl);
    edit.set(`${path}.api`, "openai-completions");
  }
  if (apiKey !== "") edit.set(`${path}.apiKey`, apiKey);
  edit.set("agents.defaults.model", `${provider}/${id}`);
  return `${provider}/${id}`;
}

function askAddress(prompter: Prompter, proposed = ""): Promise<string> {
  return prompter.text({
    message: "Address of its API",
    initialValue: proposed,
    placeholder: "https://api.example/v1",
    problem: (text) => (/^https?:\/\/\S+$/.test(text) ? undefined : "the address begins with http:// or https://"),
  });
}

function askProviderName(prompter: Prompter): Promise<string> {
  return prompter.text({
    message: "A name for it",
    placeholder: "home-server",
    problem: (text) =>
      /^[a-z0-9][a-z0-9-]{0,31}$/.test(text) && text !== "offline"
        ? undefined
        : "the name has lower-case letters, digits and dashes only, 32 at most",
  });
}
