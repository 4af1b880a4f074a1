import { Agents, definePlugin, modelError, Models, Sessions } from "openclaw/plugin-sdk";
import type { ModelEndpoint, StreamModel } from "openclaw/plugin-sdk";
import { isSandboxed } from "openclaw/plugin-sdk/workspace";
import { backendOf, BUILT_IN } from "./backend.ts";
import { Queue } from "./queue.ts";
import { runBackend } from "./run.ts";

const API = "cli";

export default definePlugin((gateway) => {
  const sessions = gateway.use(Sessions);
  const agents = gateway.use(Agents);
  // Two generations of this plugin share the commands.
  const queue = gateway.keep("queue", () => new Queue());
  const { api } = gateway.hooks.of(Models);

  const connect = ({ provider: id, model: { id: model } }: ModelEndpoint): StreamModel => {
    const backend = backendOf(id, gateway.settings);
    if (!backend) {
      const message = `model "${id}/${model}" has no command; set agents.defaults.cliBackends.${id}.command`;
      throw modelError(message, `${id}/${model}`, { reason: "no_model" });
    }
    const parts = { id, model, backend, sessions, agents, queue, environment: process.env };
    return (request) => {
      const { agentId, canonical } = sessions.parseKey(request.sessionKey);
      if (!isSandboxed(gateway.settings, { agentId, sessionKey: canonical })) return runBackend(parts, request);
      const message = `model "${id}/${model}" runs tools of its own on this machine, and the session works in a sandbox only; choose another model`;
      throw modelError(message, `${id}/${model}`, { reason: "no_model" });
    };
  };

  api.for(API).tap({ label: "Command-line agents", ownsLoop: true }, connect);
  for (const id of Object.keys(BUILT_IN))
    api.for(id).tap({ label: id, ownsLoop: true, provider: { api: API, keyless: true, models: [] } }, connect);
});
