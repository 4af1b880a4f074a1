import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayRun } from "../../kernel/gateway.ts";
import type { GatewayOptions } from "../../kernel/gateway.ts";
import { bundledPlugins, packageVersion } from "../../kernel/package.ts";
import { virtualModules } from "../../kernel/virtual-modules.ts";
import { GatewayClient } from "../client.ts";
import type { ClientOptions } from "../client.ts";
import { resolvePaths } from "../paths.ts";

export interface TestGatewayOptions {
  /** The configuration as an object, or the text of `openclaw.json`. Mode and token are added to an object. */
  readonly config?: object | string;
  /** A home of the caller's own, to start on again. By default a folder that goes with the gateway. */
  readonly home?: string;
  /** Folder of bundled plugins; by default the stock distro. */
  readonly bundled?: string;
  readonly options?: Partial<GatewayOptions>;
}

export const TEST_TOKEN = "test-token-0123456789abcdef";

/** A real gateway of this process, on a free port, with a state directory of its own. */
export interface TestGateway extends AsyncDisposable {
  readonly run: GatewayRun;
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly stateDir: string;
  readonly configPath: string;
  readonly token: string;
  /** A logged-in client; closed with the gateway. */
  client(options?: Partial<ClientOptions>): Promise<GatewayClient>;
  /** Write `openclaw.json` the way an editor does; the reload loop notices. */
  writeConfig(config: object | string): void;
}

/** Start a gateway and wait until it is ready. */
export async function startTestGateway(given: TestGatewayOptions = {}): Promise<TestGateway> {
  const home = given.home ?? mkdtempSync(join(tmpdir(), "openclaw-gateway-"));
  const env = { HOME: home, PATH: process.env["PATH"] };
  const paths = resolvePaths({}, env);
  const writeConfig = (config: object | string) => {
    mkdirSync(paths.stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(
      paths.configPath,
      typeof config === "string" ? config : `${JSON.stringify(withToken(config), null, 2)}\n`,
    );
  };
  if (given.config !== undefined || given.home === undefined) writeConfig(given.config ?? {});
  const run = await GatewayRun.start({
    paths,
    env,
    virtualModules,
    version: packageVersion(),
    bundled: given.bundled ?? bundledPlugins(),
    port: 0,
    consoleLevel: "silent",
    ...given.options,
  });
  await run.settled;
  const clients: GatewayClient[] = [];
  return {
    run,
    url: run.url,
    port: run.info.port,
    home,
    stateDir: paths.stateDir,
    configPath: paths.configPath,
    token: TEST_TOKEN,
    writeConfig,
    async client(options = {}) {
      const client = new GatewayClient({
        url: run.url,
        token: TEST_TOKEN,
        client: { id: "test", version: "1", platform: "test", mode: "test" },
        ...options,
      });
      clients.push(client);
      await client.connect();
      return client;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()));
      await run.stop("test is over");
      if (given.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

function withToken(config: { gateway?: object }): object {
  return { ...config, gateway: { mode: "local", auth: { token: TEST_TOKEN }, ...config.gateway } };
}
