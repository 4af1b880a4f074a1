import { hostname } from "node:os";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliContext, GatewayClient } from "openclaw/plugin-sdk";
import { ExecApprovals } from "openclaw/plugin-sdk/exec";
import { createCommands } from "../commands.ts";
import { stayConnected } from "../link.ts";
import type { LinkNews } from "../link.ts";
import { readNodeFile, writeNodeFile } from "../node-file.ts";
import type { NodeFile } from "../node-file.ts";
import { CommandServer } from "../serve.ts";
import { createSkillBins } from "../skill-bins.ts";

const DEFAULT_PORT = 18_789;
const INTERRUPTED = 130;

/** `openclaw node run` (cli.md §7): be a node of a gateway until somebody ends it. */
export default defineCommand({
  options: {
    host: { type: "string", describe: "machine of the gateway" },
    port: { type: "number", describe: "port of the gateway" },
    tls: { type: "boolean", describe: "the gateway speaks TLS" },
    "tls-fingerprint": { type: "string", describe: "SHA-256 of the certificate that it must show" },
    "node-id": { type: "string", describe: "tell this node from others of this machine" },
    "display-name": { type: "string", describe: "what people see" },
  },
  async run(context) {
    const file = nodeFile(context);
    await writeNodeFile(context.stateDir, file);
    const abort = new AbortController();
    const { signal } = abort;
    let exitCode = 0;
    const stop = (name: NodeJS.Signals) => {
      // The second time somebody means it.
      if (signal.aborted) process.exit(INTERRUPTED);
      exitCode = name === "SIGINT" ? INTERRUPTED : 0;
      abort.abort();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);

    let current: GatewayClient | undefined;
    const ask = (method: string, params: object) =>
      current ? current.request(method, params) : Promise.reject(new Error("not connected"));
    const server = new CommandServer(
      createCommands({
        approvals: new ExecApprovals(context.stateDir),
        env: process.env,
        signal,
        skillBins: createSkillBins(() => ask("skills.bins", {})),
        tell: (event, payload) =>
          // What nobody hears is no harm to what was done.
          void ask("node.event", { event, payloadJSON: JSON.stringify(payload) }).catch(() => undefined),
      }),
    );
    const create = () => {
      current = nodeClient(context, file, server.names);
      serve(current, server, context);
      return current;
    };
    await stayConnected({ client: create, signal, tell: (news) => report(news, context) });
    return exitCode;
  },
});

/** Which gateway, and under what name: what flags say, else what was said last time. */
function nodeFile({ args, stateDir }: CliContext): NodeFile {
  const before = readNodeFile(stateDir);
  const [host, port, tls] = [args["host"], args["port"], args["tls"]] as [string?, number?, boolean?];
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new CliError("--port must be a port", { exitCode: 2, code: "USAGE" });
  }
  const pin = args["tls-fingerprint"] as string | undefined;
  const named = host !== undefined || port !== undefined || tls !== undefined || pin !== undefined;
  const given = {
    host: host ?? "127.0.0.1",
    port: port ?? DEFAULT_PORT,
    // Who pins a certificate expects one.
    tls: tls ?? pin !== undefined,
    ...(pin !== undefined && { tlsFingerprint: pin }),
  };
  const gateway = named ? given : before.gateway;
  const nodeId = (args["node-id"] as string | undefined) ?? before.nodeId;
  const displayName = (args["display-name"] as string | undefined) ?? before.displayName ?? hostname();
  return { version: 1, ...(nodeId !== undefined && { nodeId }), displayName, ...(gateway && { gateway }) };
}

/** A client as the established node host presents itself (protocol.md §3.2). */
function nodeClient(
  context: CliContext,
  { displayName, nodeId, gateway }: NodeFile,
  commands: string[],
): GatewayClient {
  const { args, version } = context;
  const url =
    args["url"] === undefined && gateway
      ? `${gateway.tls ? "wss" : "ws"}://${gateway.host.includes(":") ? `[${gateway.host}]` : gateway.host}:${gateway.port}`
      : undefined;
  return context.client({
    ...(url !== undefined && { url }),
    as: {
      client: {
        id: "node-host",
        mode: "node",
        version,
        platform: process.platform,
        ...(displayName !== undefined && { displayName }),
        ...(nodeId !== undefined && { instanceId: nodeId }),
      },
      role: "node",
      scopes: [],
      caps: ["system"],
      commands,
      pathEnv: process.env["PATH"] ?? "",
      ...(url !== undefined && gateway?.tlsFingerprint !== undefined && { tlsFingerprint: gateway.tlsFingerprint }),
    },
  });
}

function serve(client: GatewayClient, server: CommandServer, { note, verbose }: CliContext): void {
  client.on("event", ({ event, payload }) => {
    if (event !== "node.invoke.request") return;
    void server.answer(payload).then(async (answer) => {
      if (verbose && answer)
        note(`${(payload as { command: string }).command}: ${answer.ok ? "done" : answer.error?.message}`);
      // A gateway that went away meanwhile has told its caller so.
      if (answer) await client.request("node.invoke.result", answer).catch(() => undefined);
    });
  });
}

/** One line each; with `--json` one object a line. */
function report(news: LinkNews, { json, note }: CliContext): void {
  if (json) process.stdout.write(`${JSON.stringify(news)}\n`);
  else note(newsText(news));
}

function newsText(news: LinkNews): string {
  switch (news.state) {
    case "connected":
      return "connected: commands that this machine allows can be run here";
    case "disconnected":
      return `disconnected (${news.reason}), trying again`;
    case "pairing":
      return news.requestId === undefined
        ? "waiting to be paired"
        : `waiting to be paired; on the gateway's machine: openclaw nodes approve ${news.requestId}`;
    case "refused":
      return `refused: ${news.reason}`;
    case "unreachable":
      return `not reachable: ${news.reason}${/socket hang up/.test(news.reason) ? "; if the gateway speaks TLS, add --tls" : ""}`;
  }
}
