import { defineService } from "../service.ts";

/** Life of a plugin (kernel-notes §6). */
export type PluginPhase =
  | "disabled"
  | "invalid"
  | "shadowed"
  | "missing"
  | "ready"
  | "activating"
  | "active"
  | "draining"
  | "failed"
  | "zombie";

/** What `plugins list` shows of one plugin. Everything but the live fields comes from its manifest. */
export interface PluginState {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  /** Folder group of the stock distro, or the origin for others. */
  readonly group: string;
  readonly origin: "bundled" | "global" | "workspace" | "config";
  /** Absolute path of the plugin's folder. */
  readonly source: string;
  /** Part of every gateway: it cannot be disabled, and keeps running whatever its faults. */
  readonly essential: boolean;
  readonly enabled: boolean;
  readonly state: PluginPhase;
  /** Machine-readable cause of the state, such as `config_disabled` or `activate_threw`. */
  readonly reason: string | undefined;
  readonly error: string | undefined;
  readonly activation: "startup" | "lazy";
  readonly generation: number;
  /** Milliseconds from import to active, of the current generation. */
  readonly loadMs: number | undefined;
  readonly contributes: Readonly<Record<string, readonly string[]>>;
  readonly diagnostics: readonly string[];
  /** Names of the established contract that it uses and this gateway lacks. */
  readonly unsupported: readonly string[];
  readonly faults: number;
}

export interface ReloadOutcome {
  readonly id: string;
  readonly ok: boolean;
  readonly state: PluginPhase;
  readonly durationMs: number;
  readonly error?: string;
}

/** Provided by the kernel. Needs the permission `plugins`. */
export interface PluginsApi {
  list(): readonly PluginState[];
  /** Load the plugin's code anew and swap it in. */
  reload(id: string): Promise<ReloadOutcome>;
  /**
   * Run stock plugins, with those that provide what they require, once more among themselves: the code that runs, on a
   * configuration of their own, with hooks, services and events of their own and a state directory that goes afterwards.
   * No client and no other plugin hears of it. For code that is to be warm before somebody waits for it. Rejects with
   * what an activation or `play` threw, when `play` takes too long, and when one of them is not a stock plugin.
   */
  rehearse(cast: Cast, play: (stage: Stage) => Promise<void>): Promise<void>;
}

/** Who plays in a rehearsal. */
export interface Cast {
  /** Ids. Those that are not enabled are left out. */
  readonly plugins: readonly string[];
  /** The whole configuration; by default an empty one. */
  readonly settings?: object;
}

/** What a rehearsal is played on. */
export interface Stage {
  /** Call a method as a client of this machine with every scope. Resolves with its final answer. */
  request(method: string, params?: unknown): Promise<unknown>;
}

export const Plugins = defineService<PluginsApi>("plugins");
