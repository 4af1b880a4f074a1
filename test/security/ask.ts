import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpAsk {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** One request by Node's own client. */
export function ask(
  gateway: TestGateway,
  path: string,
  { method = "GET", headers = {}, body }: HttpAsk = {},
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const request = httpRequest(
    { host: "127.0.0.1", port: gateway.port, path, method, headers, agent: false },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      const end = () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: String(Buffer.concat(chunks)) });
      response.on("end", end);
    },
  );
  request.on("error", reject);
  request.end(body);
  return promise;
}

export const bearer = (gateway: TestGateway) => ({ authorization: `Bearer ${gateway.token}` });
export const json = (gateway: TestGateway) => ({ ...bearer(gateway), "content-type": "application/json" });

/** The head of a POST whose body is still to come. */
export const postHead = (gateway: TestGateway, path: string, ...more: readonly string[]) => [
  `POST ${path} HTTP/1.1`,
  `Host: 127.0.0.1:${gateway.port}`,
  "Content-Type: application/json",
  ...more,
];
