import type { AgentsApi, HttpExchange } from "openclaw/plugin-sdk";
import { agentModels, ApiError } from "openclaw/plugin-sdk/http-api";
import type { ApiKey } from "openclaw/plugin-sdk/http-api";

const PATH = "/v1/models";

/** `GET /v1/models` and `GET /v1/models/{id}`: what `model` of a request may be. */
export function answerModels({ url, reply }: HttpExchange, agents: AgentsApi, key: ApiKey | undefined): void {
  const data = agentModels(agents, key).map((id) => ({ id, object: "model", created: 0, owned_by: "openclaw" }));
  if (url.pathname === PATH || url.pathname === `${PATH}/`) return reply(200, { object: "list", data });
  const id = decoded(url.pathname.slice(PATH.length + 1));
  const found = data.find((model) => model.id === id);
  if (found) return reply(200, found);
  throw new ApiError(404, `The model '${id.slice(0, 100)}' does not exist.`, {
    code: "model_not_found",
    param: "model",
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No name at all is no name of a model either.
    return text;
  }
}
