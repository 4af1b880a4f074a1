import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: Record<string, any>; // oxlint-disable-line no-explicit-any
}

/** A real gateway with its HTTP APIs on, and a fake model behind it. */
export interface HttpBench extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly model: FakeOpenAi;
  readonly origin: string;
  /** One request with the gateway's token, unless the headers say otherwise. An object is sent as JSON. */
  ask(path: string, body?: object | string, init?: RequestInit & { readonly token?: string | null }): Promise<Answered>;
}

const ENDPOINTS = { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } };

export async function startHttpBench(config: object = {}): Promise<HttpBench> {
  const model = await startFakeOpenAi();
  const base = modelConfig(model);
  const { agents = {}, gateway: own = {}, ...rest } = config as { agents?: { defaults?: object }; gateway?: object };
  const gateway = await startTestGateway({
    config: {
      ...base,
      ...rest,
      agents: { ...agents, defaults: { ...base.agents.defaults, ...agents.defaults } },
      gateway: { http: ENDPOINTS, reload: { debounceMs: 10 }, ...own },
    },
  });
  const origin = `http://127.0.0.1:${gateway.port}`;
  return {
    gateway,
    model,
    origin,
    async ask(path, body, { token = gateway.token, headers, ...init } = {}) {
      const response = await fetch(`${origin}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(headers as Record<string, string>),
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        ...init,
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        get json() {
          return JSON.parse(text) as Record<string, any>; // oxlint-disable-line no-explicit-any
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}
