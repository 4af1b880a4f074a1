import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A token server on loopback: gives a new pair of tokens for each refresh token or code, once. */
export interface TokenServer extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly URLSearchParams[];
  /** What it answers instead, from now on. */
  answer: { readonly status: number; readonly body: string } | undefined;
}

export async function startTokenServer(): Promise<TokenServer> {
  const requests: URLSearchParams[] = [];
  const used = new Set<string>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const words = new URLSearchParams(body);
      requests.push(words);
      const given = words.get("refresh_token") ?? words.get("code") ?? "";
      const { status, body: answer } = fake.answer ?? granted(given);
      response.writeHead(status, { "Content-Type": "application/json" }).end(answer);
    });
  });
  const granted = (given: string) => {
    if (used.has(given)) return { status: 400, body: JSON.stringify({ error: "invalid_grant", hint: given }) };
    used.add(given);
    const count = used.size;
    const body = { access_token: `access-${count}`, refresh_token: `refresh-${count}`, expires_in: 7_200 };
    return { status: 200, body: JSON.stringify(body) };
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: TokenServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: undefined,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
  return fake;
}
