import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startFakeDocker } from "../fakes/docker.ts";
import { run } from "../support/command-line.ts";
import { commandsOf, snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/sandbox.md");

test("the settings of the page are known, and its commands do what they say", async () => {
  using _docker = startFakeDocker();
  const config = snippets.find(({ language }) => language === "json5")?.text ?? "";
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { hash } = await client.request<{ hash: string }>("config.get", {});

  await client.request("config.patch", { raw: config, baseHash: hash });
  const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
  assert.deepEqual([...issues, ...warnings], []);

  const commands = snippets.find(({ language, kind }) => language === "sh" && kind === undefined);
  assert.ok(commands);
  const at = ["--url", gateway.url, "--token", gateway.token];
  const said = await Promise.all(
    commandsOf(commands).map(async ({ command }) => run(gateway, [...command.split(" ").slice(1), ...at])),
  );

  assert.deepEqual(
    said.map(({ code, stderr }) => [code, stderr]),
    said.map(() => [0, ""]),
  );
  assert.match(said[0]?.stdout ?? "", /no sandbox is there/);
  assert.match(said[1]?.stdout ?? "", /sandboxed: false\nmode: non-main/);
  assert.match(said[2]?.stdout ?? "", /no such sandbox is there/);
});
