import { SyncWaterfallHook } from "tapable";
import { KeyedHook } from "../hook.ts";
import { defineService } from "../service.ts";

/** Whose files are meant. */
export interface FileOwner {
  readonly agentId: string;
  /** Those that tools of this session work on, which may be in a sandbox; `undefined`: the agent's own. */
  readonly sessionKey: string | undefined;
}

/** What somebody wants to have run in a sandbox. */
export interface SandboxRun {
  /** What a shell runs. */
  readonly command: string;
  /** Relative to the workspace, or absolute inside. */
  readonly workdir: string | undefined;
  /** Variables besides those of the sandbox. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command that is ready to be started: the program on this machine that runs it inside. */
export interface SandboxCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs inside, for people. */
  readonly cwd: string;
  /** Signal everything that it has started inside. Resolves when that is done; `false` when nobody could do it. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<boolean>;
  /** It has ended. What went wrong with the sandbox itself, in one sentence; nothing if the command ended by itself. */
  ended(exitCode: number | null): Promise<string | undefined>;
}

/** Where the tools of one session work, closed off from this machine. */
export interface ToolSandbox {
  /** The folder on this machine that is the workspace inside. */
  readonly root: string;
  /** What that folder is called inside. */
  readonly inside: string;
  /** May files in it be changed? */
  readonly isWritable: boolean;
  /** Have it run, and make ready to run a command in it. Throws `UNAVAILABLE` with what mends it. */
  prepare(run: SandboxRun): Promise<SandboxCommand>;
}

export interface WorkspaceApi {
  /** The folder of an agent's files. */
  root(agentId: string): string;
  /**
   * The real path of a file that a tool names, relative to the workspace or absolute. Throws `INVALID_REQUEST` for one
   * that may not be read or written, whatever links lead there. To be written, it need not exist.
   */
  resolve(owner: FileOwner, path: string, intent: "read" | "write"): Promise<string>;
  /**
   * The sandbox of a session; nothing when its tools work on this machine. Throws `UNAVAILABLE` when it has to be in one
   * and there is none: then nothing may be done for it outside.
   */
  sandbox(owner: { readonly agentId: string; readonly sessionKey: string }): Promise<ToolSandbox | undefined>;
}

/** Which files an agent's tools may touch. */
export const Workspace = defineService<WorkspaceApi, ReturnType<typeof createHooks>>("workspace", createHooks);

function createHooks() {
  return {
    /** Add folders outside the workspace that agents may read, such as those of skills. Given: the agent's id. */
    readable: new SyncWaterfallHook<[readonly string[], string]>(["folders", "agentId"], "workspace.readable"),
    /** One kind of sandbox per key: the sandbox of a session, whose agent is configured to have one. */
    sandbox: new KeyedHook<[{ readonly agentId: string; readonly sessionKey: string }], ToolSandbox>(
      ["owner"],
      "workspace.sandbox",
      "sandboxes",
    ),
  };
}
