import { randomBytes } from "node:crypto";
import { CliError, GatewayClient } from "openclaw/plugin-sdk";
import type { EmbeddedGateway } from "openclaw/plugin-sdk";
import { StartError } from "../bind.ts";
import type { Surroundings } from "./context.ts";

/** What a gateway for one command leaves alone: networks, plans, and a port that others may look for. */
const LEFT_ALONE = ["OPENCLAW_SKIP_CHANNELS", "OPENCLAW_SKIP_CRON", "OPENCLAW_SKIP_CANVAS_HOST"];

/** A gateway in this process, on a port and with a secret that nobody else knows, without channels and jobs. */
export async function embedGateway(around: Surroundings): Promise<EmbeddedGateway> {
  const [{ GatewayRun }, { virtualModules }] = await Promise.all([
    import("../gateway.ts"),
    import("../virtual-modules.ts"),
  ]);
  for (const name of LEFT_ALONE) process.env[name] = "1";
  const token = randomBytes(32).toString("base64url");
  const run = await GatewayRun.start({
    ...around,
    env: { ...around.env, ...Object.fromEntries(LEFT_ALONE.map((name) => [name, "1"])) },
    virtualModules,
    port: 0,
    bind: "loopback",
    auth: "token",
    token,
    allowUnconfigured: true,
    consoleLevel: "silent",
  }).catch((error: unknown) => {
    throw error instanceof StartError ? notStarted(error) : error;
  });
  const stop = async () => void (await run.stop("the command is done"));
  try {
    await run.settled;
    const { tlsFingerprint } = run.state();
    const client = new GatewayClient({
      url: run.url,
      token,
      ...(tlsFingerprint !== undefined && { tlsFingerprint }),
      client: { id: "cli", mode: "cli", version: around.version, platform: process.platform },
      scopes: ["operator.admin", "operator.approvals", "operator.pairing"],
    });
    await client.connect();
    return { client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function notStarted(error: StartError): CliError {
  const { message, exitCode } = error;
  const isTaken = exitCode === 75;
  return new CliError(message, {
    exitCode,
    code: isTaken ? "LOCKED" : "CONFIG_INVALID",
    ...(isTaken && { hint: "a gateway runs here: leave out --local to ask it" }),
    cause: error,
  });
}
