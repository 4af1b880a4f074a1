import { definePlugin } from "openclaw/plugin-sdk";
import type { HttpExchange, PluginGateway } from "openclaw/plugin-sdk";

/** Routes that read their body, and say how often they were reached at all. */
export default definePlugin((gateway: PluginGateway) => {
  let reached = 0;
  const echo = async ({ request, body, reply, isLocal }: HttpExchange) => {
    reached++;
    const size = request.method === "POST" ? (await body()).length : 0;
    reply(200, { size, isLocal, reached });
  };
  const methods = ["GET", "POST"];
  gateway.route({ path: "/toy/private", auth: "gateway", methods, handle: echo });
  gateway.route({ path: "/toy/public", auth: "none", methods, maxBodyBytes: 1_024, handle: echo });
  gateway.route({
    path: "/toy/form",
    auth: "gateway",
    methods: ["POST"],
    accepts: ["application/x-www-form-urlencoded"],
    handle: echo,
  });
  gateway.route({
    path: "/toy/throw",
    auth: "gateway",
    handle: () => {
      throw new Error("secret detail of the inside");
    },
  });
  gateway.route({ path: "/toy/nested", auth: "gateway", match: "prefix", handle: echo });
  gateway.route({ path: "/toy/nested/open", auth: "none", handle: echo });
});
