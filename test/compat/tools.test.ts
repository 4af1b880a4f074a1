import assert from "node:assert/strict";
import { test } from "node:test";
import { Agents, Sessions } from "openclaw/plugin-sdk";
import type { PluginTool, PluginToolContext, SessionsApi, ToolResult } from "openclaw/plugin-sdk";
import { hostFor } from "./support.ts";
import { SESSION, toolCall } from "./samples.ts";

type Host = Awaited<ReturnType<typeof hostFor>>;

const PARAMETERS = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };

function tool(execute: PluginTool["execute"], name = "echo"): PluginTool {
  return { name, label: "Echo", description: "says it again", parameters: PARAMETERS, execute };
}

async function use(host: Host, name: string, args: Record<string, unknown> = {}): Promise<ToolResult> {
  const offer = host.hooksOf(Agents).tool.offers.get(name);
  assert.ok(offer, `no tool ${name}`);
  return (await offer.hook.promise(toolCall(name, args))) as ToolResult;
}

const textOf = (result: ToolResult) => (result.content[0] as { text: string }).text;

test("a tool is offered with its description and schema", async () => {
  await using host = await hostFor((api) =>
    api.registerTool(
      tool(() => ""),
      { optional: true },
    ),
  );

  const { options } = host.hooksOf(Agents).tool.offers.get("echo") ?? {};

  assert.deepEqual(
    { ...options, yields: undefined },
    { description: "says it again", parameters: PARAMETERS, label: "Echo", optional: true, yields: undefined },
  );
});

test("execute gets call id, parameters, signal and a way to tell progress", async () => {
  const seen: unknown[] = [];
  const partials: unknown[] = [];
  await using host = await hostFor((api) =>
    api.registerTool(
      tool((id, params, signal, onUpdate) => {
        seen.push(id, params, signal instanceof AbortSignal);
        onUpdate?.({ half: true });
        return { content: [{ type: "text", text: "done" }], details: { lamp: 7 } };
      }),
    ),
  );

  const call = toolCall("echo", { text: "hi" }, (partial) => partials.push(partial));
  const result = await host.hooksOf(Agents).tool.offers.get("echo")?.hook.promise(call);

  assert.deepEqual(seen, ["call-1", { text: "hi" }, true]);
  assert.deepEqual(partials, [{ half: true }]);
  assert.deepEqual(result, { content: [{ type: "text", text: "done" }], details: { lamp: 7 } });
});

test("what a tool throws is an error result, no fault of the plugin", async () => {
  await using host = await hostFor((api) =>
    api.registerTool(
      tool(() => {
        throw new Error("no such lamp");
      }),
    ),
  );

  const result = await use(host, "echo");

  assert.deepEqual(result, { content: [{ type: "text", text: "no such lamp" }], isError: true });
  assert.ok(!host.log.some(({ message }) => message.startsWith("plugin fault")));
});

test("a result of another shape becomes one text", async () => {
  const results: unknown[] = ["bare", { text: "inside" }, { lamp: 7 }, undefined];
  await using host = await hostFor((api) => {
    for (const [index, result] of results.entries()) api.registerTool(tool(async () => result, `tool-${index}`));
  });

  const texts = await Promise.all(results.map(async (_, index) => textOf(await use(host, `tool-${index}`))));

  assert.deepEqual(texts, ["bare", "inside", '{"lamp":7}', ""]);
  assert.deepEqual((await use(host, "tool-2")).details, { lamp: 7 });
});

test("a factory is asked for each run, with where it runs", async () => {
  const contexts: PluginToolContext[] = [];
  const sessions = { get: async () => SESSION } as unknown as SessionsApi;
  await using host = await hostFor(
    (api) =>
      api.registerTool((context) => {
        contexts.push(context);
        return [tool(() => `one in ${context.sessionKey}`, "one"), tool(() => "two", "two")];
      }),
    { services: [[Sessions, sessions]] },
  );

  assert.equal(textOf(await use(host, "one")), "one in agent:main:main");
  assert.equal(textOf(await use(host, "two")), "two");
  assert.equal(contexts.length, 3);
  const { agentId, sessionKey, messageChannel, sandboxed, agentDir } = contexts[1] ?? {};
  assert.deepEqual([agentId, sessionKey, messageChannel, sandboxed], ["main", "agent:main:main", "telegram", false]);
  assert.ok(agentDir?.endsWith("/agents/main/agent"));
});

test("a factory may have no tool in one session, and fail without harm", async () => {
  await using host = await hostFor((api) => {
    api.registerTool(() => null);
    api.registerTool(() => {
      throw new Error("not ready");
    });
    api.registerTool(({ agentId }) => (agentId === undefined ? tool(() => "", "shy") : null));
  });

  const result = await use(host, "shy");

  assert.deepEqual([result.isError, textOf(result)], [true, 'tool "shy" is not available in this session']);
  assert.ok(host.log.some(({ message }) => message === "a tool factory failed and was skipped"));
});

test("a factory that needs a session is asked again when a turn begins", async () => {
  await using host = await hostFor((api) =>
    api.registerTool(({ sessionKey }) => (sessionKey ? tool(() => sessionKey, "late") : null), { names: ["late"] }),
  );
  assert.equal(host.hooksOf(Agents).tool.offers.has("late"), false);

  const place = { agentId: "main", sessionKey: "agent:main:main", runId: "r" };
  await host.hooksOf(Agents).beforeTurn.promise({ system: "", text: "hi" }, place);

  assert.equal(textOf(await use(host, "late")), "agent:main:main");
});

test("a factory may use what register sets up after it", async () => {
  await using host = await hostFor((api) => {
    let reply = "";
    api.registerTool(() => (reply === "" ? null : tool(() => reply, "ready")));
    reply = "set";
  });

  assert.equal(textOf(await use(host, "ready")), "set");
});

test("a name that is taken, and a tool that is none, are skipped with a diagnostic", async () => {
  await using host = await hostFor((api) => {
    api.registerTool(tool(() => "first"));
    api.registerTool(tool(() => "second"));
    api.registerTool({ name: "hollow" } as PluginTool);
  });

  assert.equal(textOf(await use(host, "echo")), "first");
  assert.deepEqual(
    [...host.notes.diagnostics],
    [
      'registerTool: "hollow" was skipped; a tool needs a name and execute',
      'agents.tool "echo" belongs to plugin "fixture"; it was not registered again',
    ],
  );
});
