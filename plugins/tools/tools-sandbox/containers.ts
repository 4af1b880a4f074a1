import { GatewayError } from "openclaw/plugin-sdk";
import { LABEL } from "./container-plan.ts";
import type { ContainerPlan } from "./container-plan.ts";
import type { Docker } from "./docker.ts";
import { isGone, troubleOf } from "./trouble.ts";

const CREATE_MS = 120_000;
const START_MS = 60_000;
const SETUP_MS = 300_000;
const REMOVE_MS = 60_000;
/** Of one gateway. Sessions come from outside, and each may have one. */
const MOST = 64;

/** A container as docker knows it. */
export interface Container {
  readonly name: string;
  readonly scopeKey: string;
  readonly configHash: string;
  readonly image: string;
  readonly isRunning: boolean;
  readonly createdAtMs: number;
}

/** Of one container what only this process knows. */
interface Use {
  running: number;
  /** What ran in it when this process began was looked after. */
  isKnown: boolean;
}

/** What outlives a generation of the plugin: commands go on while it is replaced. */
export interface Uses {
  readonly of: Map<string, Use>;
  readonly turns: Map<string, Promise<unknown>>;
}

interface Inspected {
  readonly Name?: string;
  readonly Created?: string;
  readonly State?: { readonly Running?: boolean };
  readonly Config?: { readonly Image?: string; readonly Labels?: Readonly<Record<string, string>> | null };
}

/** The containers of this gateway. What docker says is the truth: they are found again after a restart. */
export class Containers {
  readonly #docker: Docker;
  readonly #gatewayId: string;
  readonly #uses: Uses;
  readonly #most: number;

  constructor(docker: Docker, gatewayId: string, uses: Uses, most: number = MOST) {
    this.#most = most;
    this.#docker = docker;
    this.#gatewayId = gatewayId;
    this.#uses = uses;
  }

  /** Have the container of `plan` run, as it should be now, and count one command in it until `release`. */
  async acquire(plan: ContainerPlan): Promise<void> {
    await this.#inTurn(plan.name, async () => {
      const found = await this.find(plan.name);
      const isStale = found !== undefined && found.configHash !== plan.configHash && !this.isUsed(plan.name);
      if (isStale) await this.#remove(plan.name);
      if (found && !isStale) await this.#wake(found);
      else await this.#create(plan);
      const use = this.#use(plan.name);
      use.isKnown = true;
      use.running++;
    });
  }

  release(name: string): void {
    const use = this.#use(name);
    use.running = Math.max(0, use.running - 1);
  }

  isUsed(name: string): boolean {
    return (this.#uses.of.get(name)?.running ?? 0) > 0;
  }

  async find(name: string): Promise<Container | undefined> {
    const answer = await this.#docker.ask(["inspect", "--type", "container", name]);
    if (answer.code !== 0 && isGone(answer.stderr)) return undefined;
    if (answer.code !== 0) throw new GatewayError("UNAVAILABLE", `the sandbox cannot be used: ${troubleOf(answer)}`);
    const found = this.#read(answer.stdout)[0];
    if (found) return found;
    throw new GatewayError(
      "UNAVAILABLE",
      `the sandbox cannot be used: a container "${name}" is there that this gateway did not make; remove it with "docker rm -f ${name}"`,
    );
  }

  async list(): Promise<Container[]> {
    // One that goes meanwhile is no failure.
    const found = await Promise.all((await this.#names()).map((name) => this.find(name)));
    return found.filter((one) => one !== undefined);
  }

  /** Resolves when it is gone. Whatever runs in it ends, unless `unlessUsed`. */
  async remove(name: string, { unlessUsed = false } = {}): Promise<boolean> {
    return this.#inTurn(name, async () => {
      if (unlessUsed && this.isUsed(name)) return false;
      await this.#remove(name);
      return true;
    });
  }

  /** The newest first. */
  async #names(): Promise<string[]> {
    const filter = `label=${LABEL.gateway}=${this.#gatewayId}`;
    const words = ["ps", "--all", "--no-trunc", "--filter", filter, "--format", "{{.Names}}"];
    return (await this.#docker.run(words)).split("\n").filter((name) => name !== "");
  }

  /** Room for one more: the oldest in which nothing runs go. */
  async #makeRoom(): Promise<void> {
    const names = await this.#names();
    let excess = names.length + 1 - this.#most;
    for (const name of names.toReversed()) {
      if (excess <= 0) return;
      if (await this.remove(name, { unlessUsed: true })) excess--;
    }
    if (excess <= 0) return;
    throw new GatewayError(
      "UNAVAILABLE",
      `the sandbox cannot be used: commands run in ${names.length} others already; try again when one of them has ended`,
    );
  }

  async #wake(found: Container): Promise<void> {
    if (!found.isRunning) await this.#docker.run(["start", found.name], START_MS);
    else if (!this.#use(found.name).isKnown) {
      // Commands of a gateway that is no more: nobody looks after them.
      await this.#docker.run(["restart", "-t", "0", found.name], START_MS);
    }
  }

  async #create({ name, create, setupCommand }: ContainerPlan): Promise<void> {
    // Before it is there itself: two that are made at once never wait for each other.
    await this.#makeRoom();
    await this.#docker.run(create, CREATE_MS);
    try {
      await this.#docker.run(["start", name], START_MS);
      if (setupCommand === undefined) return;
      const { code, stdout, stderr } = await this.#docker.ask(["exec", name, "/bin/sh", "-c", setupCommand], SETUP_MS);
      if (code === 0) return;
      const words = (stderr.trim() || stdout.trim()).slice(-300);
      throw new GatewayError(
        "UNAVAILABLE",
        `the sandbox cannot be used: sandbox.docker.setupCommand ended with exit code ${code}: ${words}`,
      );
    } catch (error) {
      // One that was not made whole is not found again.
      await this.#remove(name).catch(() => undefined);
      throw error;
    }
  }

  async #remove(name: string): Promise<void> {
    const answer = await this.#docker.ask(["rm", "--force", name], REMOVE_MS);
    if (answer.code !== 0 && !isGone(answer.stderr))
      throw new GatewayError("UNAVAILABLE", `the sandbox cannot be removed: ${troubleOf(answer)}`);
    if (!this.isUsed(name)) this.#uses.of.delete(name);
  }

  #read(json: string): Container[] {
    return (JSON.parse(json) as Inspected[]).flatMap(({ Name = "", Created = "", State, Config }) => {
      const labels = Config?.Labels ?? {};
      if (labels[LABEL.gateway] !== this.#gatewayId) return [];
      return [
        {
          name: Name.replace(/^\//, ""),
          scopeKey: labels[LABEL.scope] ?? "",
          configHash: labels[LABEL.config] ?? "",
          image: Config?.Image ?? "",
          isRunning: State?.Running === true,
          createdAtMs: Date.parse(Created) || 0,
        },
      ];
    });
  }

  #use(name: string): Use {
    let use = this.#uses.of.get(name);
    if (!use) this.#uses.of.set(name, (use = { running: 0, isKnown: false }));
    return use;
  }

  /** Of one container one step at a time. */
  async #inTurn<T>(name: string, step: () => Promise<T>): Promise<T> {
    const { turns } = this.#uses;
    const turn = (turns.get(name) ?? Promise.resolve()).then(step, step);
    const settled = turn.catch(() => undefined);
    turns.set(name, settled);
    try {
      return await turn;
    } finally {
      if (turns.get(name) === settled) turns.delete(name);
    }
  }
}
