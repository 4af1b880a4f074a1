import { sendFile } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { MEDIA_PATH } from "./link.ts";
import type { MediaLinks } from "./link.ts";
import type { MediaStore } from "./store.ts";

/** Others wrote these files: no browser runs anything in them, whatever they are. */
const HEADERS = {
  "cache-control": "private, no-store",
  "content-security-policy": "default-src 'none'; sandbox",
  "x-frame-options": "DENY",
};
/** What a browser may show. A drawing of the XML kind can hold programs. */
const SHOWN = /^(?:image|audio|video)\/(?!svg)/;
const GONE = { error: { message: "the link has expired", type: "invalid_request_error" } };

/** `GET /__openclaw__/media/<id>`: stored files by id, for a credential or a signed address (http.md §10). */
export function registerMediaRoute(gateway: PluginGateway, store: MediaStore, links: MediaLinks): void {
  gateway.route({
    path: MEDIA_PATH,
    match: "prefix",
    auth: "gateway",
    scope: "operator.read",
    timeoutMs: 0,
    guard: (_request, _address, url) => (links.check(url) === "expired" ? [410, GONE] : undefined),
    admits: (url) => links.check(url) === "open",
    async handle({ request, response, url, reply }) {
      const file = await store.open(url.pathname.slice(MEDIA_PATH.length + 1));
      if (!file) return reply(404, "Not Found");
      const { handle, size, contentType, fileName } = file;
      try {
        const name = `filename*=UTF-8''${encodeURIComponent(fileName)}`;
        await sendFile(
          { request, response },
          { handle, size },
          {
            ...HEADERS,
            "content-type": contentType,
            "content-disposition": `${SHOWN.test(contentType) ? "inline" : "attachment"}; ${name}`,
          },
        );
      } finally {
        await handle.close();
      }
    },
  });
}
