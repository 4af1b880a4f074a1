import type { Agents, HooksOf, ModelsApi, PluginGateway, SessionsApi, ToolPolicyApi } from "openclaw/plugin-sdk";
import type { SystemPrompts } from "../prompt/system-prompt.ts";
import type { Runs } from "../runs.ts";

/** What every turn works with. */
export interface TurnParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly runs: Runs;
  readonly agents: HooksOf<typeof Agents>;
  readonly prompts: SystemPrompts;
  readonly policy: ToolPolicyApi;
  readonly models: ModelsApi;
}
