import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import JSON5 from "json5";
import { root } from "../support/build.ts";
import { startHttpBench } from "../http/http-bench.ts";
import type { HttpBench } from "../http/http-bench.ts";
import { commandsOf, snippetsOf } from "./snippets.ts";
import type { Snippet } from "./snippets.ts";

const ADDRESS = "http://127.0.0.1:18789";
const WORD = /"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g;

function of(snippets: readonly Snippet[], kind: string): Map<string, Snippet> {
  return new Map(snippets.filter((one) => one.kind === kind).map((one) => [one.name ?? "", one]));
}

/** What a command with curl asks for, without needing curl. */
function requestOf(command: string, bench: HttpBench): [url: string, init: RequestInit] {
  const whole = command.replaceAll("$OPENCLAW_GATEWAY_TOKEN", bench.gateway.token).replaceAll(ADDRESS, bench.origin);
  const words = [...whole.matchAll(WORD)].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
  const after = (flag: string) => words.filter((_, at) => words[at - 1] === flag);
  const headers = after("-H").map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  const [body] = after("-d");
  return [words[1] ?? "", { headers, ...(body !== undefined && { method: "POST", body }) }];
}

/** The whole of a command that goes over several lines, and what its comment promises. */
function curlOf(snippet: Snippet | undefined): { command: string; prints: string | undefined } {
  const joined = { ...(snippet as Snippet), text: (snippet?.text ?? "").replaceAll(/\\\n\s*/g, "") };
  return commandsOf(joined)[0] as { command: string; prints: string | undefined };
}

test("the examples of the HTTP page are answered", async () => {
  const snippets = snippetsOf("docs/http-api.md");
  const configs = ["keys", "cors"].map((name) =>
    JSON5.parse<{ gateway: { http: object } }>(of(snippets, "config").get(name)?.text ?? ""),
  );
  const http = Object.assign({}, ...configs.map(({ gateway }) => gateway.http)) as object;
  await using bench = await startHttpBench({ gateway: { http } });
  const client = await bench.gateway.client();
  const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
  assert.deepEqual([...issues, ...warnings], []);

  for (const [name, snippet] of of(snippets, "curl")) {
    const response = await fetch(...requestOf(curlOf(snippet).command, bench));
    assert.equal(response.status, 200, `${name}: ${await response.text()}`);
  }
  const key = { token: "a-long-secret-of-its-own-1234" };
  assert.equal((await bench.ask("/v1/models", undefined, key)).status, 200);
  assert.equal((await bench.ask("/v1/responses", { model: "openclaw", input: "x" }, key)).status, 401);
  const page = { ...key, headers: { origin: "https://app.example" } };
  assert.equal((await bench.ask("/v1/models", undefined, page)).status, 200);

  for (const [name, snippet] of of(snippets, "run")) {
    const code = snippet.text.replaceAll(ADDRESS, bench.origin);
    const env = { PATH: process.env["PATH"], OPENCLAW_GATEWAY_TOKEN: bench.gateway.token };
    const args = ["--input-type=module", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(root), env });
    assert.match(stdout, /Hello from the fake model\./, name);
  }
});

test("the examples of the webhooks are answered", async () => {
  const snippets = snippetsOf("docs/hooks.md");
  await using bench = await startHttpBench(JSON5.parse<object>(of(snippets, "config").get("webhooks")?.text ?? ""));
  const expected: Readonly<Record<string, number>> = { wake: 200, agent: 202, mapped: 202 };

  for (const [name, snippet] of of(snippets, "curl")) {
    const { command, prints } = curlOf(snippet);
    const response = await fetch(...requestOf(command, bench));
    const text = await response.text();
    assert.equal(response.status, expected[name], `${name}: ${text}`);
    if (prints !== undefined) assert.equal(text, prints);
  }
});
