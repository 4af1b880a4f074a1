import { Agents, definePlugin, Models, Sessions } from "openclaw/plugin-sdk";
import type { HttpExchange, RouteOptions } from "openclaw/plugin-sdk";
import { admitApiKeys, answerError, ApiError, apiKeyOf, AttendedRuns } from "openclaw/plugin-sdk/http-api";
import { createChat } from "./chat.ts";
import { answerModels } from "./models-route.ts";

const ENDPOINT = "gateway.http.endpoints.chatCompletions";
const MAX_BODY_BYTES = 20_000_000;
const PATHS = /^\/v1\/(?:chat\/completions|models|embeddings)(?:\/|$)/;

/** The established chat API, answered by agents (http.md §4). Off until the configuration says otherwise. */
export default definePlugin((gateway) => {
  const { settings } = gateway;
  const agents = gateway.use(Agents);
  const chat = createChat({
    settings,
    agents,
    sessions: gateway.use(Sessions),
    models: gateway.use(Models),
    runs: new AttendedRuns(gateway),
  });
  admitApiKeys(gateway, "chatCompletions", (path) => PATHS.test(path));

  const isOn = () => settings.get<boolean>(`${ENDPOINT}.enabled`) === true;
  const common: Omit<RouteOptions, "methods"> = {
    auth: "gateway",
    crossOrigin: true,
    scope: "operator.write",
    timeoutMs: 0,
    maxBodyBytes: () => settings.get<number>(`${ENDPOINT}.maxBodyBytes`) ?? MAX_BODY_BYTES,
    guard: () => (isOn() ? undefined : [404, "Not Found"]),
  };
  const answering = (answer: (exchange: HttpExchange) => void | Promise<void>) => async (exchange: HttpExchange) => {
    try {
      await answer(exchange);
    } catch (error) {
      answerError(exchange, error);
    }
  };

  gateway.route({ path: "/v1/chat/completions", ...common, methods: ["POST"], handle: answering(chat) });
  gateway.route({
    path: "/v1/models",
    ...common,
    match: "prefix",
    handle: answering((exchange) => {
      answerModels(exchange, agents, apiKeyOf(exchange.caller, settings));
    }),
  });
  gateway.route({
    path: "/v1/embeddings",
    ...common,
    methods: ["POST"],
    handle: answering(() => {
      throw new ApiError(501, "no plugin provides embeddings");
    }),
  });
});
