import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { cutWhenStalled, hostAllowed, originAllowed, peerOf } from "openclaw/plugin-sdk";
import { Capabilities } from "./capabilities.ts";
import type { LiveReload } from "./live-reload.ts";
import { reloadScript } from "./live-reload.ts";
import { ender, POLICIES, serveFile } from "./serve.ts";

const CANVAS = "/__openclaw__/canvas";
const A2UI = "/__openclaw__/a2ui";
const SOCKET = "/__openclaw__/ws";
/** `/__openclaw__/cap/<token>/canvas/…`, `…/a2ui/…` and `…/ws`. */
const WITH_CAPABILITY = /^\/__openclaw__\/cap\/([\w-]{16,64})\/(canvas|a2ui|ws)(\/.*)?$/;

export interface CanvasParts {
  readonly root: string;
  /** Folder of the built A2UI renderer. */
  readonly a2ui: string;
  /** Nothing when live reload is off. */
  readonly reload: LiveReload | undefined;
  readonly capabilities: Capabilities;
}

/** What somebody asks for, seen from the gateway's port or from the canvas's own. */
interface Ask {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As it came: not decoded. */
  readonly path: string;
  readonly policy: string;
}

/** Pages of the canvas and of A2UI, and the socket that tells them of changes. */
export class Canvas {
  readonly #parts: CanvasParts;
  #pageToken = { token: "", expiresAtMs: 0 };

  constructor(parts: CanvasParts) {
    this.#parts = parts;
  }

  /** On the gateway's port, which has checked host, method and credential. */
  onGateway(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.#serve({ request, response, path: pathOf(request), policy: POLICIES.gatewayPort });
  }

  /** On the canvas's own port: this machine may read, everybody else needs a capability. */
  async onOwnPort(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
    cutWhenStalled(response);
    const end = ender(response, POLICIES.ownPort);
    const path = pathOf(request);
    if (!hostAllowed(request, { port, names: [], tailscale: false })) return end(403, "host not allowed");
    if (!originAllowed(request, [], { port, secure: "encrypted" in request.socket }))
      return end(403, "origin not allowed");
    if (request.method !== "GET" && request.method !== "HEAD")
      return end(405, "Method Not Allowed", { allow: "GET, HEAD" });
    if (path === "/") return end(302, "", { location: `${CANVAS}/` });
    if (!WITH_CAPABILITY.test(path) && !isDirect(request)) return unauthorized(response);
    await this.#serve({ request, response, path, policy: POLICIES.ownPort });
  }

  /** A socket of an open page. `undefined`: not ours. `false`: nobody may have it. */
  async join(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<boolean | undefined> {
    const path = pathOf(request);
    const { capabilities, reload } = this.#parts;
    const [, token, kind] = WITH_CAPABILITY.exec(path) ?? [];
    if (path !== SOCKET && kind !== "ws") return undefined;
    if (!reload) return false;
    // Without the word that pages are served with, only programs of this machine: a foreign page could ask, too.
    const may = token === undefined ? isDirect(request) && !request.headers.origin : capabilities.allows(token);
    return may && reload.join(request, socket, head);
  }

  async #serve(ask: Ask): Promise<void> {
    const { request, response, path, policy } = ask;
    const end = ender(response, policy);
    const [, token, kind, rest = ""] = WITH_CAPABILITY.exec(path) ?? [];
    if (token !== undefined && !this.#parts.capabilities.allows(token)) return unauthorized(response);
    const prefix = token === undefined ? "" : `/__openclaw__/cap/${token}`;
    if (path === SOCKET || kind === "ws")
      return this.#parts.reload ? end(426, "upgrade required", { upgrade: "websocket" }) : end(404, "not found");
    const [mount, root] =
      kind === "a2ui" || below(path, A2UI) !== undefined
        ? [token === undefined ? A2UI : `${prefix}/a2ui`, this.#parts.a2ui]
        : [token === undefined ? CANVAS : `${prefix}/canvas`, this.#parts.root];
    const inside = token === undefined ? below(path, mount) : rest;
    if (inside === undefined) return end(404, "not found");
    if (inside === "") return end(302, "", { location: `${mount}/` });
    const script = this.#parts.reload && reloadScript(this.#tokenOfPage());
    await serveFile({ request, response, path: inside.slice(1), base: `${mount}/`, policy }, root, script);
  }

  /** One word for all pages of some hours. */
  #tokenOfPage(): string {
    const { expiresAtMs } = this.#pageToken;
    if (expiresAtMs - Date.now() < Capabilities.LIFE_MS / 2) this.#pageToken = this.#parts.capabilities.issue();
    return this.#pageToken.token;
  }
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0] as string;
}

/** What follows `mount`, with its slash; nothing when the path is not below it. */
function below(path: string, mount: string): string | undefined {
  if (path === mount) return "";
  return path.startsWith(`${mount}/`) ? path.slice(mount.length) : undefined;
}

/** This machine itself, not something that speaks through it, and no page of another site. */
function isDirect(request: IncomingMessage): boolean {
  const site = request.headers["sec-fetch-site"] ?? "none";
  return peerOf(request, []).isLocal && (site === "none" || site === "same-origin");
}

function unauthorized(response: ServerResponse): void {
  const body = JSON.stringify({ error: { message: "Unauthorized", type: "unauthorized" } });
  response.writeHead(401, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" }).end(body);
}
