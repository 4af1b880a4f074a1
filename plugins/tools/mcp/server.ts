import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "openclaw/plugin-sdk";
import type { Logger, ToolResult } from "openclaw/plugin-sdk";
import { openEvents, openHttp } from "./http.ts";
import { resultOf, toolsIn } from "./offer.ts";
import type { RemoteTool } from "./offer.ts";
import { Rpc } from "./rpc.ts";
import type { ServerSetting } from "./setting.ts";
import { startProgram } from "./stdio.ts";

const PROTOCOL = "2025-06-18";
const CONNECT_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const MAX_PAGES = 20;
const MAX_TOOLS = 200;

export interface ServerParts {
  readonly name: string;
  readonly setting: ServerSetting;
  readonly version: string;
  readonly cwd: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The tools there are now. */
  readonly found: (tools: readonly RemoteTool[]) => void;
}

/** One server: connected, asked for its tools, and connected again after a growing pause when it goes away. */
export class McpServer {
  readonly #parts: ServerParts;
  #rpc: Rpc | undefined;
  #tools: ReadonlySet<string> = new Set();

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  /** Can this tool be called now? */
  offers(tool: string): boolean {
    return this.#rpc !== undefined && this.#tools.has(tool);
  }

  /** Lives until the signal aborts. Never rejects. */
  async run(): Promise<void> {
    const { name, log, signal } = this.#parts;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        const ended = await this.#connected();
        pauseMs = FIRST_PAUSE_MS;
        const reason = await ended;
        if (!signal.aborted) log.warn(`MCP server ${name} is away: ${reason}`);
      } catch (error) {
        if (!signal.aborted)
          log.warn(`MCP server ${name} cannot be used: ${errorText(error)}; tried again in ${pauseMs / 1_000} s`);
      } finally {
        await this.#disconnect();
      }
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  async call(tool: string, args: object, signal: AbortSignal): Promise<ToolResult> {
    const { name } = this.#parts;
    if (!this.#rpc) throw new Error(`the MCP server ${name} is away`);
    return resultOf(await this.#rpc.request("tools/call", { name: tool, arguments: args }, signal), name);
  }

  /** Resolves once the tools are known, with what resolves when the connection is over. */
  async #connected(): Promise<Promise<string>> {
    const { log, name } = this.#parts;
    const over = Promise.withResolvers<string>();
    const limit = AbortSignal.any([this.#parts.signal, AbortSignal.timeout(CONNECT_MS)]);
    const rpc = new Rpc({
      notified: (method) => {
        if (method === "notifications/tools/list_changed")
          void this.#ask(rpc, limitOf(this.#parts.signal)).catch(complain);
      },
      ended: over.resolve,
    });
    const complain = (error: unknown) => log.warn(`MCP server ${name} does not tell its tools: ${errorText(error)}`);
    const stop = () => over.resolve("the plugin stops");
    this.#parts.signal.addEventListener("abort", stop, { once: true });
    void over.promise.finally(() => this.#parts.signal.removeEventListener("abort", stop));
    this.#rpc = rpc;
    try {
      await this.#greet(rpc, limit);
    } catch (error) {
      // Nobody waits for its end any more.
      over.resolve("it was never connected");
      throw error;
    }
    log.info(`MCP server ${name}: ${this.#tools.size} tools`);
    return over.promise;
  }

  /** Reaches the server and asks for its tools. */
  async #greet(rpc: Rpc, limit: AbortSignal): Promise<void> {
    const { setting, version, cwd } = this.#parts;
    if (setting.url === undefined) rpc.use(startProgram(setting, rpc, cwd));
    else rpc.use(setting.transport === "sse" ? await openEvents(setting, rpc) : openHttp(setting, rpc, PROTOCOL));
    const hello = { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: "openclaw", version } };
    await rpc.request("initialize", hello, limit);
    await rpc.notify("notifications/initialized");
    await this.#ask(rpc, limit);
  }

  async #ask(rpc: Rpc, signal: AbortSignal): Promise<void> {
    const tools: RemoteTool[] = [];
    let cursor: unknown;
    for (let page = 0; page < MAX_PAGES && tools.length < MAX_TOOLS; page++) {
      const answer = await rpc.request("tools/list", typeof cursor === "string" ? { cursor } : {}, signal);
      tools.push(...toolsIn(answer));
      cursor = (answer as { nextCursor?: unknown } | null)?.nextCursor;
      if (typeof cursor !== "string" || cursor === "") break;
    }
    const kept = tools.slice(0, MAX_TOOLS);
    this.#tools = new Set(kept.map(({ name }) => name));
    this.#parts.found(kept);
  }

  async #disconnect(): Promise<void> {
    const rpc = this.#rpc;
    this.#rpc = undefined;
    await rpc?.close().catch(() => undefined);
  }
}

function limitOf(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
}
