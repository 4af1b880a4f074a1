import type { Agents, HooksOf, ModelsApi, PluginGateway, SessionsApi, ToolPolicyApi } from "openclaw/plugin-sdk";
import type { SystemPrompts } from "../prompt/system-prompt.ts";
import type { Runs } from "../runs.ts";

/** What every turn works with. */
export interface TurnParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly runs: Pick<Runs, "begin" | "end">;
  readonly agents: HooksOf<typeof Agents>;
  readonly prompts: Pick<SystemPrompts, "build">;
  readonly policy: ToolPolicyApi;
  readonly models: ModelsApi;
}
