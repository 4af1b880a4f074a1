import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CliError } from "openclaw/plugin-sdk";

const WAIT_MS = 5 * 60_000;
const PATH = "/callback";
const DONE = "You are signed in. This page can be closed.";
const NOT_DONE = "That did not work; the terminal says why. This page can be closed.";

export interface Callback {
  /** Where the provider sends the browser back to. */
  readonly url: string;
  readonly code: Promise<string>;
  /** The code in an address that somebody pasted. */
  read(address: string): string;
  close(): void;
}

/** A page on this machine that waits for the browser to come back with a code for `state`. */
export async function awaitCode(state: string, port: number): Promise<Callback> {
  const { promise: code, resolve, reject } = Promise.withResolvers<string>();
  code.catch(() => undefined);
  const read = (address: string) => codeIn(address, state);
  const server = createServer((request, response) => {
    const address = URL.parse(request.url ?? "", "http://127.0.0.1");
    response.setHeader("Content-Type", "text/plain; charset=utf-8").setHeader("Connection", "close");
    if (request.method !== "GET" || address?.pathname !== PATH) return void response.writeHead(404).end();
    // Whoever does not know the state is not who was sent to sign in.
    if (address.searchParams.get("state") !== state) return void response.writeHead(400).end(NOT_DONE);
    try {
      resolve(read(address.href));
      response.end(DONE);
    } catch (error) {
      reject(error as Error);
      response.writeHead(400).end(NOT_DONE);
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((cause: unknown) => {
    throw new CliError(`port ${port} is taken; set another redirectPort, or stop what uses it`, { cause });
  });
  const late = new CliError(`nobody signed in within ${WAIT_MS / 60_000} minutes; try again`);
  const timer = setTimeout(() => reject(late), WAIT_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    code,
    read,
    close() {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}

function codeIn(address: string, state: string): string {
  const words = URL.parse(address)?.searchParams;
  const code = words?.get("code");
  const error = words?.get("error");
  if (error) throw new CliError(`the provider refused: ${/^[\w.-]{1,64}$/.test(error) ? error : "no reason given"}`);
  if (!code) throw new CliError("there is no code in that address", { exitCode: 2, code: "USAGE" });
  if (words?.get("state") !== state)
    throw new CliError("that address belongs to another sign-in; begin again", { exitCode: 2, code: "USAGE" });
  return code;
}
