import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { definePlugin, errorText, Gateway, Sessions, SystemEvents, whenCalm } from "openclaw/plugin-sdk";
import { Canvas } from "./canvas.ts";
import { Capabilities } from "./capabilities.ts";
import { listen } from "./listener.ts";
import { LiveReload } from "./live-reload.ts";
import { createPageActions } from "./page-actions.ts";
import { canvasSettings } from "./settings.ts";
import { STARTER_PAGE } from "./starter-page.ts";

/** Clients that show pages to somebody. */
const SHOWS_PAGES = new Set(["ui", "webchat", "node"]);

export default definePlugin((gateway) => {
  const { settings, paths, log } = gateway;
  const kernel = gateway.use(Gateway);
  const sessions = gateway.use(Sessions);
  const capabilities = gateway.keep("capabilities", () => new Capabilities());
  const here = () =>
    canvasSettings({
      settings,
      stateDir: paths.stateDir,
      home: process.env["OPENCLAW_HOME"] ?? homedir(),
      env: process.env,
      gatewayPort: kernel.state().port,
      agentId: sessions.defaultAgentId(),
    });
  const { enabled, root, liveReload } = here();
  if (!enabled) return;

  const report = (error: unknown) => log.warn(`canvas: ${errorText(error)}`, { err: error });
  const said = createPageActions(gateway.use(SystemEvents), log);
  const reload = liveReload
    ? new LiveReload({ root, said, failed: (error) => log.warn(`live reload is off: ${errorText(error)}`) })
    : undefined;
  if (reload) gateway.own("live reload", () => reload.close());
  const a2ui = fileURLToPath(new URL("./bundled", import.meta.url));
  const canvas = new Canvas({ root, a2ui, reload, capabilities });

  for (const [path, auth] of [
    ["/__openclaw__/canvas", "local"],
    ["/__openclaw__/a2ui", "local"],
    ["/__openclaw__/cap", "none"],
    ["/__openclaw__/ws", "none"],
  ] as const)
    gateway.route({
      path,
      auth,
      match: "prefix",
      handle: ({ request, response }) => canvas.onGateway(request, response),
    });
  gateway.hooks.upgrade.tap(async ({ request, socket, head }) => {
    const joined = await canvas.join(request, socket, head);
    return joined === undefined ? undefined : joined ? "taken" : "refused";
  });

  // Until its own port is open, or when it cannot be, the pages are on the gateway's.
  let ownPort: number | undefined;
  gateway.hooks.listening.tap(async ({ host }) => {
    whenCalm(gateway, () => prepare(root, report));
    const { port } = here();
    try {
      const listener = await listen({
        host,
        port,
        tls: () => kernel.tls(),
        serve: (request, response) => canvas.onOwnPort(request, response, listener.port),
        async upgrade(request, socket, head) {
          if ((await canvas.join(request, socket, head)) !== true) socket.destroy();
        },
        failed: report,
      });
      gateway.own("port of the canvas", () => listener.close());
      ownPort = listener.port;
      log.info(`canvas on ${kernel.tls() ? "https" : "http"}://${host}:${ownPort}/__openclaw__/canvas/`);
    } catch (error) {
      const text = (error as NodeJS.ErrnoException).code === "EADDRINUSE" ? "it is taken" : errorText(error);
      log.error(`no canvas on port ${port}: ${text}; set canvasHost.port. It is on the gateway's port meanwhile`);
    }
  });

  gateway.hooks.helloOk.tap((hello, client) => {
    const host = /^(\[[^\]]+\]|[^:]+)/.exec(client.host ?? "")?.[1] ?? "127.0.0.1";
    const canvasHostUrl = `${client.isSecure ? "https" : "http"}://${host}:${ownPort ?? kernel.state().port}`;
    const shows = client.role === "node" || SHOWS_PAGES.has(client.connect.client.mode);
    return { ...hello, canvasHostUrl, ...(shows && { canvasCapability: capabilities.issue() }) };
  });
});

/** The folder, with a page to begin with when it is empty. */
function prepare(root: string, report: (error: unknown) => void): void {
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    if (existsSync(join(root, "index.html")) || readdirSync(root).length > 0) return;
    writeFileSync(join(root, "index.html"), STARTER_PAGE, { flag: "wx", mode: 0o644 });
  } catch (error) {
    report(error);
  }
}
