import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

/** What the APIs of the gateway's own say, one field or another. */
export interface AnswerBody {
  readonly ok: boolean;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param?: string;
    readonly code?: string;
  };
  readonly result: { readonly content: readonly { readonly type: string; readonly text: string }[] };
  readonly [field: string]: unknown;
}

/** What the fake model was asked, as far as tests look at it. */
export interface ModelBody {
  readonly messages: readonly {
    readonly role: string;
    readonly content:
      | string
      | readonly { readonly type: string; readonly text?: string; readonly image_url?: { url: string } }[];
    readonly tool_call_id?: string;
  }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly tool_choice?: unknown;
  readonly [field: string]: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: AnswerBody;
}

/** A real gateway with its HTTP APIs on, and a fake model behind it. */
export interface HttpBench extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly model: FakeOpenAi;
  readonly origin: string;
  /** The last request to the model. */
  asked(): ModelBody;
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
    asked() {
      const last = model.requests.at(-1);
      if (!last) throw new Error("the model was not asked");
      return last.body as unknown as ModelBody;
    },
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
          return JSON.parse(text) as AnswerBody;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}
