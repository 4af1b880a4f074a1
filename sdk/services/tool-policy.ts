import { defineService } from "../service.ts";
import type { ToolTurn } from "./agents.ts";

/** A tool as a policy sees it. */
export interface ToolFacts {
  readonly name: string;
  /** Id of the plugin that offers it. */
  readonly owner: string;
  readonly optional?: boolean;
  readonly ownerOnly?: boolean;
  readonly groups?: readonly string[];
}

export interface ToolPolicyApi {
  /**
   * Names of those of `tools` that a turn may use. Asked for every model call, so that a changed configuration holds at
   * once; without a provider no tool is offered.
   */
  allowed(turn: ToolTurn, tools: readonly ToolFacts[]): ReadonlySet<string>;
}

/** Decides which tools a turn may use (agent.md §12.2). */
export const ToolPolicy = defineService<ToolPolicyApi>("tool-policy");
