import { GatewayError } from "openclaw/plugin-sdk";
import type { HooksOf, ModelEndpoint, ModelInfo, Models, PluginGateway, StreamModel } from "openclaw/plugin-sdk";
import type { Agent, ModelSetting } from "./roster.ts";

interface ProviderConfig {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly api?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly models?: readonly (ModelInfo & { readonly api?: string })[];
}

/** What answers when no model is configured. */
const OFFLINE = "offline/responder";
const DEFAULT_API = "openai-completions";
const UNKNOWN_CONTEXT = 200_000;

export interface ChosenModel {
  readonly endpoint: ModelEndpoint;
  readonly api: string;
  readonly stream: StreamModel;
}

/** The model of a turn, ready to stream. Throws one sentence that names the setting to change. */
export async function chooseModel(
  gateway: PluginGateway,
  models: HooksOf<typeof Models>,
  agent: Agent,
): Promise<ChosenModel> {
  const reference = referenceOf(agent.model) ?? OFFLINE;
  const slash = reference.indexOf("/");
  if (slash < 1) {
    throw noModel(
      `model "${reference}" names no provider; write it as provider/model in agents.defaults.model`,
      reference,
    );
  }
  const provider = reference.slice(0, slash).toLowerCase();
  const id = reference.slice(slash + 1);
  const config = gateway.settings.get<ProviderConfig>(`models.providers.${provider}`) ?? {};
  const model = config.models?.find((one) => one.id === id) ?? { id, name: id, contextWindow: UNKNOWN_CONTEXT };
  const api = provider === "offline" ? "offline" : ((model as { api?: string }).api ?? config.api ?? DEFAULT_API);
  const endpoint: ModelEndpoint = {
    provider,
    model: { ...model, name: model.name ?? id },
    baseUrl: config.baseUrl,
    apiKey: config.apiKey ?? process.env[`${provider.toUpperCase().replaceAll("-", "_")}_API_KEY`],
    headers: config.headers ?? {},
  };
  const offer = await models.api.resolve(api);
  if (!offer) {
    throw noModel(
      `model "${reference}" speaks "${api}", which no enabled plugin offers; see openclaw plugins list`,
      reference,
    );
  }
  const stream = await offer.hook.promise(endpoint);
  if (!stream) throw noModel(`no plugin can reach model "${reference}"`, reference);
  return { endpoint, api, stream };
}

function referenceOf(setting: ModelSetting | undefined): string | undefined {
  return typeof setting === "string" ? setting : setting?.primary;
}

function noModel(message: string, model: string): GatewayError {
  return new GatewayError("UNAVAILABLE", message, { details: { code: "NO_MODEL", reason: "no_model", model } });
}
