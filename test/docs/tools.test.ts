import assert from "node:assert/strict";
import { test } from "node:test";
import { run, startGateway, testHome } from "../support/command-line.ts";
import { startToolBench } from "../tools/bench.ts";
import { commandsOf, snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/tools.md");

/** The examples are JSON5 with comments: what the configuration reads. */
function exampleOf(language: string): string {
  return snippets.find((one) => one.language === language)?.text ?? "";
}

test("the rules of the page hold", async () => {
  await using bench = await startToolBench({ agents: { list: [{ id: "main", default: true }] } });
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});

  await bench.client.request("config.patch", { raw: exampleOf("json5"), baseHash: hash });
  const { issues, warnings } = await bench.client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
  await bench.say("hello", { sessionKey: "agent:family:main" });

  assert.deepEqual([...issues, ...warnings], []);
  assert.deepEqual(bench.offered().sort(), ["read"]);
});

test("the commands of the page are there", async () => {
  const at = await testHome();
  using home = at;
  await using gateway = await startGateway(at);
  const [add, pending] = commandsOf({
    page: "",
    language: "sh",
    kind: undefined,
    name: undefined,
    text: exampleOf("sh"),
  });

  for (const { command } of [add, pending].filter((one) => one !== undefined)) {
    const { code, stderr } = await run(home, command.split(" ").slice(1));
    assert.equal(code, 0, `${command}: ${stderr}`);
  }
  assert.ok(gateway);
});
