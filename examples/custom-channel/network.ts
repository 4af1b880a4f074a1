import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export const TOKEN = "pigeon-token-0123456789";

/** A message on its way to the bot. `number` grows by one with each delivery; it stays until a later one is asked for. */
export interface Letter {
  readonly number: number;
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly room?: string;
  readonly mentions?: readonly string[];
}

export interface Parcel {
  readonly id: string;
  readonly to: string;
  readonly text: string;
}

export type Mode = "ok" | "auth-fail" | "rate-limit" | "drop" | "lost";

/** Pigeon post, the network of the example: three addresses and a token. */
export async function startPigeonPost(port = 0) {
  const waiting: Letter[] = [];
  const arrived: Parcel[] = [];
  const polls = new Set<() => void>();
  const known = new Set([TOKEN]);
  let mode: Mode = "ok";
  let logins = 0;
  let last = 0;

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://pigeon");
    if (pathname === "/me") logins++;
    if (mode === "drop") return void response.destroy();
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    if (mode === "auth-fail" || !known.has(token)) return answer(response, 401, { error: "who are you?" });
    if (pathname === "/me") return answer(response, 200, { name: "pigeonbot" });
    if (pathname === "/inbox") return inbox(Number(searchParams.get("after")), response);
    if (pathname === "/outbox") return outbox((await json(request)) as Parcel, response);
    answer(response, 404, { error: "no such address" });
  }

  async function inbox(after: number, response: ServerResponse): Promise<void> {
    while ((waiting[0]?.number ?? Infinity) <= after) waiting.shift();
    if (waiting.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, 20_000);
      polls.add(resolve);
      response.on("close", resolve);
      await promise;
      polls.delete(resolve);
      clearTimeout(timer);
    }
    if (mode === "drop") response.destroy();
    else answer(response, 200, { letters: waiting });
  }

  function outbox(parcel: Parcel, response: ServerResponse): void {
    if (mode === "rate-limit") {
      mode = "ok";
      response.setHeader("retry-after", "1");
      return answer(response, 429, { error: "not so fast" });
    }
    // The same id is shown once, however often it comes.
    if (!arrived.some(({ id }) => id === parcel.id)) arrived.push(parcel);
    if (mode !== "lost") return answer(response, 200, { id: parcel.id });
    mode = "ok";
    response.destroy();
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: arrived as readonly Parcel[],
    logins: () => logins,
    /** Somebody writes. */
    push(letter: Omit<Letter, "number">): void {
      waiting.push({ number: ++last, ...letter });
      for (const wake of polls) wake();
    },
    mode(next: Mode): void {
      mode = next;
      if (next === "drop") for (const wake of polls) wake();
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
