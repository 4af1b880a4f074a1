import { SyncWaterfallHook } from "tapable";
import { defineService } from "../service.ts";

export interface WorkspaceApi {
  /** The folder of an agent's files. */
  root(agentId: string): string;
  /**
   * The real path of a file that a tool names, relative to the workspace or absolute. Throws `INVALID_REQUEST` for one
   * that an agent may not read or write, whatever links lead there. To be written, it need not exist.
   */
  resolve(agentId: string, path: string, intent: "read" | "write"): Promise<string>;
}

/** Which files an agent's tools may touch. */
export const Workspace = defineService<WorkspaceApi, ReturnType<typeof createHooks>>("workspace", createHooks);

function createHooks() {
  return {
    /** Add folders outside the workspace that agents may read, such as those of skills. Given: the agent's id. */
    readable: new SyncWaterfallHook<[readonly string[], string]>(["folders", "agentId"], "workspace.readable"),
  };
}
