import type { ModelsApi, PluginGateway, SessionsApi } from "openclaw/plugin-sdk";

/** What the commands of a session work with. */
export interface CommandParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly models: ModelsApi;
}
