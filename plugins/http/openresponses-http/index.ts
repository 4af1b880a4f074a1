import { Agents, definePlugin, Models, Sessions, Store } from "openclaw/plugin-sdk";
import { admitApiKeys, answerError, AttendedRuns } from "openclaw/plugin-sdk/http-api";
import { KnownResponses } from "./known-responses.ts";
import { createResponses } from "./responses.ts";

const PATH = "/v1/responses";
const ENDPOINT = "gateway.http.endpoints.responses";
const MAX_BODY_BYTES = 20_000_000;

/** The established responses API, answered by agents (http.md §5). Off until the configuration says otherwise. */
export default definePlugin((gateway) => {
  const { settings } = gateway;
  const answer = createResponses({
    settings,
    agents: gateway.use(Agents),
    sessions: gateway.use(Sessions),
    models: gateway.use(Models),
    runs: new AttendedRuns(gateway),
    known: new KnownResponses(gateway.use(Store)),
  });
  admitApiKeys(gateway, "responses", (path) => path === PATH);

  gateway.route({
    path: PATH,
    auth: "gateway",
    crossOrigin: true,
    scope: "operator.write",
    methods: ["POST"],
    timeoutMs: 0,
    maxBodyBytes: () => settings.get<number>(`${ENDPOINT}.maxBodyBytes`) ?? MAX_BODY_BYTES,
    guard: () => (settings.get<boolean>(`${ENDPOINT}.enabled`) === true ? undefined : [404, "Not Found"]),
    async handle(exchange) {
      try {
        await answer(exchange);
      } catch (error) {
        answerError(exchange, error);
      }
    },
  });
});
