import { WARM_UP } from "../services/models.ts";

/** An answer that costs nothing: reading it loads and compiles what the first real one would wait for. */
const CANNED = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "." } }] })}\n\ndata: [DONE]\n\n`;

/** Requests to a model go to the address that was configured and nowhere else: they carry a key and people's words. */
export const modelFetch: typeof fetch = async (input, init) => {
  if (init?.signal?.reason === WARM_UP.reason) return canned();
  const response = await fetch(input, { ...init, redirect: "manual" });
  if (response.status < 300 || response.status >= 400) return response;
  await response.body?.cancel();
  const target = response.headers.get("location") ?? "somewhere else";
  throw new Error(`the server redirects to ${target}; set that as baseUrl if it is right`);
};

function canned(): Response {
  return new Response(CANNED, { headers: { "content-type": "text/event-stream" } });
}
