import { Agents, definePlugin, Sessions } from "openclaw/plugin-sdk";
import { answerError, ApiError, readJsonObject, Repeats } from "openclaw/plugin-sdk/http-api";
import { createInvoke } from "./invoke.ts";
import type { Answer } from "./invoke.ts";
import { readRequest } from "./request.ts";

const MAX_BODY_BYTES = 2 * 1_048_576;

/** `POST /tools/invoke`: one tool, as a turn of that session could use it, and no further (http.md §6). */
export default definePlugin((gateway) => {
  const invoke = createInvoke(gateway, gateway.use(Agents), gateway.use(Sessions));
  const repeats = gateway.keep("repeats", () => new Repeats<Answer>());

  gateway.route({
    path: "/tools/invoke",
    auth: "gateway",
    crossOrigin: true,
    scope: "operator.write",
    methods: ["POST"],
    maxBodyBytes: MAX_BODY_BYTES,
    timeoutMs: 0,
    async handle(exchange) {
      const { caller, request, reply, signal } = exchange;
      try {
        if (!caller || (caller.kind === "shared" && gateway.settings.get("gateway.http.allowGatewayToken") === false))
          throw new ApiError(401, "Unauthorized", { headers: { "www-authenticate": "Bearer" } });
        const asked = readRequest(await readJsonObject(exchange), request.headers);
        const run = () => invoke(asked, caller, signal);
        const answer = asked.idempotencyKey ? repeats.once(`${caller.id} ${asked.idempotencyKey}`, asked, run) : run();
        if (!answer) throw new ApiError(400, "idempotency key was used with other parameters");
        const { status, body } = await answer;
        reply(status, body);
      } catch (error) {
        answerError(exchange, error);
      }
    },
  });
});
