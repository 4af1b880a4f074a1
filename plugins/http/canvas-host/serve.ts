import type { IncomingMessage, ServerResponse } from "node:http";
import { sendFile } from "openclaw/plugin-sdk";
import { findFile } from "./canvas-file.ts";
import { mediaType } from "./media-type.ts";

/** Pages larger than this are served as they are. */
const MAX_REWRITTEN_BYTES = 4 * 1_048_576;

/** Agents write what is served here: nobody frames it, and it says what it is (security.md S-26). */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
};

const POLICY =
  "default-src 'self' https: data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/**
 * On a port of its own a page is an origin of its own. On the gateway's it is made one by `sandbox`, so that it can
 * read nothing of the gateway's other pages; what it fetches is then foreign to it, but for the sockets it opens.
 */
export const POLICIES = {
  ownPort: POLICY,
  gatewayPort: `sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads; ${POLICY.replace("connect-src 'self'", "connect-src 'self' ws: wss:")}`,
} as const;

export interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Below the mount, as it came: not decoded. */
  readonly path: string;
  /** Path of the mount with its slash, for redirects. */
  readonly base: string;
  readonly policy: string;
}

/** Answer with a file below `root`. `script` goes into each HTML page. */
export async function serveFile(
  { request, response, path, base, policy }: Served,
  root: string,
  script?: string,
): Promise<void> {
  const end = ender(response, policy);
  const found = await findFile(root, path);
  if (!found) return end(404, "not found");
  if ("redirect" in found) return end(302, "", { location: `${base}${path}/` });
  if ("missingIndex" in found) return end(404, missingPage(found.missingIndex), { "content-type": HTML });
  const { file } = found;
  try {
    const type = await mediaType(file.name, file.handle);
    const isPage = type === HTML && script !== undefined && file.size <= MAX_REWRITTEN_BYTES;
    if (isPage) {
      const page = withScript(await file.handle.readFile("utf8"), script);
      return end(200, request.method === "HEAD" ? "" : page, {
        "content-type": type,
        "content-length": String(Buffer.byteLength(page)),
      });
    }
    await sendFile({ request, response }, file, {
      ...HEADERS,
      "content-security-policy": policy,
      "content-type": type,
    });
  } finally {
    await file.handle.close();
  }
}

export type End = (status: number, body: string, headers?: Readonly<Record<string, string>>) => void;

/** Ends a response with a short text and the headers that all of them carry. */
export function ender(response: ServerResponse, policy: string): End {
  return (status, body, headers = {}) => {
    const type = { "content-type": "text/plain; charset=utf-8", "content-security-policy": policy };
    response.writeHead(status, { ...HEADERS, ...type, ...headers }).end(body);
  };
}

const HTML = "text/html; charset=utf-8";

function withScript(page: string, script: string): string {
  const at = page.toLowerCase().lastIndexOf("</body>");
  return at < 0 ? `${page}${script}` : `${page.slice(0, at)}${script}${page.slice(at)}`;
}

function missingPage(name: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Canvas</title><p>There is no page here yet. Write <code>${escapeHtml(name)}</code> in the canvas folder.</p>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
