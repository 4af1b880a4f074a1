import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestGateway } from "../test-gateway.ts";
import type { ChannelKit, KitFeature, KitMode, KitNetwork } from "./contract.ts";
import { startKitModel } from "./model.ts";
import type { KitModel } from "./model.ts";
import { Broken } from "./rule.ts";
import { Stage } from "./stage.ts";

export interface BenchOptions {
  /** Folder of the plugin, when it is not a stock one. */
  readonly path?: string;
  /** All limits of time are so many times longer. */
  readonly patience: number;
  /** How long a server is away at the start, and how long an account that was refused is watched. */
  readonly watchMs: number;
}

const WITHIN_MS = 15_000;

export interface StageOptions {
  readonly section?: object;
  readonly rest?: object;
  /** How the network is when the gateway starts. */
  readonly mode?: KitMode;
}

/** Where one rule is checked: it makes stages, and takes down whatever it made. */
export class Bench implements AsyncDisposable {
  readonly kit: ChannelKit;
  readonly options: BenchOptions;
  readonly #ends: (() => unknown)[] = [];
  readonly #home = mkdtempSync(join(tmpdir(), "openclaw-kit-"));
  #network: Promise<KitNetwork> | undefined;
  #model: Promise<KitModel> | undefined;

  constructor(kit: ChannelKit, options: BenchOptions) {
    this.kit = kit;
    this.options = options;
  }

  get textLimit(): number {
    return this.kit.textLimit ?? 4_000;
  }

  /** The network of this rule; started when it is first asked for. */
  network(): Promise<KitNetwork> {
    return (this.#network ??= (async () => {
      const network = await this.kit.start();
      this.#ends.push(() => network.close());
      return network;
    })());
  }

  /** Part of the adapter that the rule needs. One that is not there is a gap of the kit file, not of the network. */
  async part<K extends keyof KitNetwork>(name: K, feature: KitFeature): Promise<NonNullable<KitNetwork[K]>> {
    const part = (await this.network())[name];
    if (part !== undefined && part !== null) return part as NonNullable<KitNetwork[K]>;
    throw new Broken(`the kit file has no "${name}"; give it, or say in lacks["${feature}"] why there is none`);
  }

  async mode(mode: KitMode, feature: KitFeature): Promise<void> {
    await this.part("mode", feature);
    await (await this.network()).mode?.(mode);
  }

  /** Start a gateway with the channel. A second one has the home of the first, which must be stopped. */
  async stage({ section = {}, rest = {}, mode }: StageOptions = {}): Promise<Stage> {
    const { kit, options } = this;
    const network = await this.network();
    const model = await (this.#model ??= this.#startModel());
    if (mode !== undefined) await network.mode?.(mode);
    const pluginId = kit.plugin ?? kit.channel;
    const base = (network.config ?? {}) as { readonly agents?: { readonly defaults?: object } };
    const configOf = (keys: object, more: object) => ({
      messages: { queue: { mode: "followup" } },
      logging: { level: "trace" },
      ...base,
      ...model.config,
      ...more,
      agents: {
        defaults: {
          ...base.agents?.defaults,
          ...(model.config["agents"] as { defaults: object }).defaults,
          workspace: join(this.#home, "workspace"),
        },
      },
      ...(network.section && { channels: { [kit.channel]: { ...network.section, ...keys } } }),
      ...(options.path !== undefined && {
        plugins: { load: { paths: [options.path] }, entries: { [pluginId]: { enabled: true } } },
      }),
    });
    await network.prepare?.(join(this.#home, ".openclaw"));
    const gateway = await startTestGateway({ home: this.#home, config: configOf(section, rest) });
    this.#ends.push(() => gateway[Symbol.asyncDispose]());
    const plugin = gateway.run.plugins().find(({ id }) => id === pluginId);
    if (!plugin) throw new Broken(`there is no plugin "${pluginId}"; "plugin" in the kit file names it`);
    if (plugin.state === "failed" || plugin.state === "invalid")
      throw new Broken(`plugin ${pluginId} is ${plugin.state}: ${plugin.error ?? plugin.reason}`);
    const client = await gateway.client();
    await network.attach?.(gateway);
    const withinMs = WITHIN_MS * options.patience;
    return new Stage({ kit, network, model, gateway, client, withinMs, configOf });
  }

  /** Folder that agents may read. */
  get workspace(): string {
    return join(this.#home, "workspace");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #startModel(): Promise<KitModel> {
    const model = await startKitModel();
    this.#ends.push(() => model.close());
    return model;
  }
}
