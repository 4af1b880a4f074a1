import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { basename, relative, sep } from "node:path";
import type { FSWatcher } from "chokidar";
import type { WebSocket, WebSocketServer } from "ws";

const DEBOUNCE_MS = 75;
const MAX_SOCKETS = 64;
/** Longest message from a page. */
const MAX_MESSAGE_BYTES = 16_384;

export interface LiveReloadParts {
  readonly root: string;
  /** What a page said: anybody may have written it. */
  readonly said: (text: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Tells open pages when a file of the canvas has changed. Watches only while somebody looks. */
export class LiveReload {
  readonly #parts: LiveReloadParts;
  readonly #open = new Set<WebSocket>();
  #server: WebSocketServer | undefined;
  #watcher: FSWatcher | undefined;
  #soon: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: LiveReloadParts) {
    this.#parts = parts;
  }

  /** A page wants to hear of changes. `false`: there is no room for another. */
  async join(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<boolean> {
    const { WebSocketServer: Server } = await import("ws");
    this.#server ??= new Server({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    if (this.#closed || this.#open.size >= MAX_SOCKETS) return false;
    this.#server.handleUpgrade(request, socket, head, (page) => {
      this.#open.add(page);
      page.on("error", () => page.terminate());
      page.on("message", (data, isBinary) => isBinary || this.#parts.said(String(data)));
      page.on("close", () => {
        this.#open.delete(page);
        if (this.#open.size === 0) void this.#unwatch();
      });
      void this.#watch().catch(this.#parts.failed);
    });
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#soon);
    for (const page of this.#open) page.terminate();
    await this.#unwatch();
  }

  async #watch(): Promise<void> {
    if (this.#watcher) return;
    const { watch } = await import("chokidar");
    if (this.#watcher || this.#closed || this.#open.size === 0) return;
    const { root, failed } = this.#parts;
    const isHidden = (path: string) =>
      relative(root, path)
        .split(sep)
        .some((name) => name === "node_modules" || (name.startsWith(".") && name !== "..")) &&
      basename(path) !== basename(root);
    this.#watcher = watch(root, {
      ignoreInitial: true,
      ignored: isHidden,
      followSymlinks: false,
      awaitWriteFinish: { stabilityThreshold: DEBOUNCE_MS, pollInterval: 25 },
    })
      .on("all", () => this.#changed())
      // Serving goes on without.
      .on("error", (error) => {
        failed(error);
        void this.#unwatch();
      });
  }

  #changed(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      for (const page of this.#open) page.send("reload");
    }, DEBOUNCE_MS);
  }

  async #unwatch(): Promise<void> {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    await watcher?.close();
  }
}

/**
 * Goes into each page. The socket is opened with a capability that only somebody who may read the page has: a page of
 * another site could open it otherwise, and speak for the user.
 */
export function reloadScript(token: string): string {
  return `<script>(()=>{const u=new URL("/__openclaw__/cap/${token}/ws",location.href);u.protocol=location.protocol==="https:"?"wss:":"ws:";let wait=500;const open=()=>{const s=new WebSocket(u);s.onopen=()=>{wait=500};s.onmessage=e=>{if(e.data==="reload")location.reload()};s.onclose=()=>setTimeout(open,wait=Math.min(wait*2,1e4));window.openclawCanvas={send:m=>s.readyState===1&&s.send(JSON.stringify(m))}};open()})()</script>`;
}
