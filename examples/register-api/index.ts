import type { OpenClawPluginApi } from "openclaw/plugin-sdk";

/** The established plugin shape: one function that is handed one object and registers everything with it. */
export default function register(api: OpenClawPluginApi): void {
  const room = typeof api.pluginConfig?.["room"] === "string" ? api.pluginConfig["room"] : "hall";
  let isOn = false;
  let minutes = 0;
  let timer: NodeJS.Timeout | undefined;

  const describe = () => `the lamp in the ${room} is ${isOn ? "on" : "off"}`;
  const turn = (on: boolean) => {
    isOn = on;
    minutes = 0;
    return describe();
  };

  api.registerGatewayMethod("lamp.turn", ({ params, respond, context }) => {
    if (typeof params["on"] !== "boolean") {
      return respond(false, undefined, { code: "INVALID_REQUEST", message: "lamp.turn needs on: true or false" });
    }
    const text = turn(params["on"]);
    context.broadcast("lamp.turned", { on: isOn });
    respond(true, { on: isOn, text });
  });

  api.registerTool({
    name: "lamp",
    label: "Lamp",
    description: "Switch the lamp on or off",
    parameters: { type: "object", properties: { on: { type: "boolean" } }, required: ["on"] },
    execute: async (_toolCallId, params) => ({ content: [{ type: "text", text: turn(params["on"] === true) }] }),
  });

  api.registerCommand({
    name: "lamp",
    description: "Say or switch what the lamp does: /lamp, /lamp on, /lamp off",
    acceptsArgs: true,
    handler: ({ args }) => ({ text: args === undefined ? describe() : turn(args === "on") }),
  });

  api.registerHttpRoute({
    path: "/lamp",
    handler: (_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ on: isOn, minutes }));
    },
  });

  api.registerService({
    id: "lamp-clock",
    start: () => void (timer = setInterval(() => minutes++, 60_000)),
    stop: () => clearInterval(timer),
  });

  api.on("before_agent_start", () => ({ prependContext: `(${describe()})` }));
}
