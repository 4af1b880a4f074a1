import { homedir } from "node:os";
import { Agents, definePlugin, errorText, GatewayError } from "openclaw/plugin-sdk";
import type { RemoteTool } from "./offer.ts";
import type { McpServer } from "./server.ts";
import type { ServerSetting } from "./setting.ts";

const TOOL_MS = 120_000;

/** Tools of MCP servers, as `mcp_<server>_<tool>` in the group `mcp:<server>` (agent.md §12.4). Without a server nothing runs. */
export default definePlugin((gateway) => {
  const { settings, log } = gateway;
  const configured = settings.get<Readonly<Record<string, ServerSetting>>>("mcp.servers") ?? {};
  const wanted = Object.entries(configured).filter(([, { enabled }]) => enabled !== false);
  if (wanted.length === 0) return;
  const { tool: tools } = gateway.hooks.of(Agents);

  // After the port is open: a server that hangs must not hold the gateway.
  gateway.hooks.listening.tap(() => {
    gateway.setTimeout(() => void begin().catch((error: unknown) => log.error(errorText(error), { err: error })), 0);
  });

  async function begin(): Promise<void> {
    const [{ McpServer }, { offeredName }] = await Promise.all([import("./server.ts"), import("./offer.ts")]);
    const stop = new AbortController();
    const running: Promise<void>[] = [];
    gateway.own("MCP servers", async () => {
      stop.abort();
      await Promise.all(running);
    });
    for (const [name, setting] of wanted) {
      const offered = new Map<string, { tool: RemoteTool }>();
      const server: McpServer = new McpServer({
        name,
        setting,
        version: gateway.version,
        cwd: homedir(),
        log,
        signal: stop.signal,
        found: (found) => {
          for (const one of found) offer(server, name, setting, one, offeredName(name, one.name), offered);
        },
      });
      running.push(server.run());
    }
  }

  /** A tool keeps its place while its server is away, and is offered again when it is back. */
  function offer(
    server: McpServer,
    name: string,
    { timeoutSeconds }: ServerSetting,
    tool: RemoteTool,
    key: string,
    offered: Map<string, { tool: RemoteTool }>,
  ): void {
    const known = offered.get(key);
    if (known) {
      known.tool = tool;
      return;
    }
    const place = { tool };
    offered.set(key, place);
    tools.for(key).tap(
      {
        description: tool.description,
        label: `${name}: ${tool.name}`,
        parameters: usable(tool.parameters),
        groups: [`mcp:${name.toLowerCase()}`],
        timeoutMs: timeoutSeconds === undefined ? TOOL_MS : timeoutSeconds * 1_000,
        isAvailable: () => server.offers(place.tool.name),
        yields: true,
      },
      async ({ arguments: args, signal }) => {
        try {
          return await server.call(place.tool.name, args, signal);
        } catch (error) {
          signal.throwIfAborted();
          throw new GatewayError("UNAVAILABLE", `the MCP server ${name}: ${errorText(error)}`, { cause: error });
        }
      },
    );
  }

  /** A schema that nobody can check is the server's to check. */
  function usable(parameters: object): object {
    try {
      gateway.validate(parameters, {});
      return parameters;
    } catch (error) {
      log.debug(`a schema of an MCP server cannot be used: ${errorText(error)}`);
      return { type: "object", additionalProperties: true };
    }
  }
});
