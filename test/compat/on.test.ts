import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawPluginApi, Prompt, SessionsApi, TranscriptMessage } from "openclaw/plugin-sdk";
import { Agents, Messaging, Sessions } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { sampleEntry, sampleWork, SESSION, toolCall } from "./samples.ts";
import { fixture, hostFor, startWith, stateOf } from "./support.ts";

const HISTORY: TranscriptMessage[] = [{ role: "user", content: [{ type: "text", text: "before" }], timestamp: 1 }];
const SESSIONS = {
  get: async () => SESSION,
  transcript: () => ({ messages: async () => HISTORY }),
} as unknown as SessionsApi;
const PLACE = { agentId: "main", sessionKey: "agent:main:main", runId: "run-1" };

function withSessions(register: (api: OpenClawPluginApi) => void) {
  return hostFor(register, {
    services: [[Sessions, SESSIONS]],
    settings: { agents: { defaults: { workspace: "/w" } } },
  });
}

type Host = Awaited<ReturnType<typeof hostFor>>;

/** Each turn has a context object of its own. */
function turn(host: Host, prompt: Prompt): Promise<Prompt> {
  return host.hooksOf(Agents).beforeTurn.promise(prompt, { ...PLACE });
}

for (const name of ["before_agent_start", "before_prompt_build"] as const) {
  test(`${name}: contexts of all handlers stand before the prompt, in order of priority`, async () => {
    const seen: unknown[] = [];
    await using host = await withSessions((api) => {
      api.on(name, async (event) => (seen.push(event.prompt), { prependContext: "second" }));
      api.on(name, (event, context) => (seen.push(event, context), { prependContext: "first" }), { priority: 10 });
      api.on(name, () => undefined);
    });

    const prompt = await turn(host, { system: "be brief", text: "hello" });

    assert.deepEqual(prompt, { system: "be brief", text: "first\n\nsecond\n\nhello" });
    assert.deepEqual(seen, [
      { prompt: "hello", messages: HISTORY },
      { agentId: "main", sessionKey: "agent:main:main", workspaceDir: "/w", messageProvider: "telegram" },
      "hello",
    ]);
  });
}

test("before_prompt_build: the first system prompt by priority applies, additions join it", async () => {
  await using host = await withSessions((api) => {
    api.on("before_prompt_build", () => ({ systemPrompt: "late", appendSystemContext: "and this" }));
    api.on("before_prompt_build", () => ({ systemPrompt: "early", prependSystemContext: "first of all" }), {
      priority: 1,
    });
  });

  const { system } = await turn(host, { system: "ours", text: "hello" });

  assert.equal(system, "first of all\n\nearly\n\nand this");
});

test("what another tap makes of the prompt is kept", async () => {
  await using host = await withSessions((api) => {
    api.on("before_agent_start", () => ({ prependContext: "a" }), { priority: 1 });
    api.on("before_agent_start", () => ({ prependContext: "b" }), { priority: -1 });
  });
  host.hooksOf(Agents).beforeTurn.tap("another", ({ system, text }) => ({ system, text: `<${text}>` }));

  const { text } = await turn(host, { system: "", text: "hello" });

  assert.equal(text, "b\n\n<a\n\nhello>");
});

test("a handler that throws is logged and the turn goes on", async () => {
  await using host = await withSessions((api) => {
    api.on("before_agent_start", () => {
      throw new Error("boom");
    });
    api.on("before_agent_start", () => ({ prependContext: "still" }));
  });

  assert.equal((await turn(host, { system: "", text: "hello" })).text, "still\n\nhello");
  assert.ok(host.log.some(({ message }) => message.includes("Error: boom")));
});

test("agent_end tells what was said and how it went, and nobody waits for it", async () => {
  const seen: unknown[] = [];
  await using host = await withSessions((api) => {
    api.on("agent_end", () => new Promise(() => {}));
    api.on("agent_end", (event, { agentId }) => void seen.push(event, agentId));
  });

  await host.hooksOf(Agents).afterTurn.promise({ ...PLACE, success: false, error: "no model", durationMs: 12 });
  await eventually("agent_end", () => seen.length > 0);

  assert.deepEqual(seen, [{ messages: HISTORY, success: false, error: "no model", durationMs: 12 }, "main"]);
});

test("message_received tells of a message and its way", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) => api.on("message_received", (...given) => void seen.push(...given)));

  await host.hooksOf(Messaging).received.promise(sampleWork({ threadId: "9" }));

  assert.deepEqual(seen, [
    {
      from: "42",
      content: "hello",
      timestamp: 1_000,
      metadata: {
        to: "4242",
        provider: "telegram",
        surface: "telegram",
        threadId: "9",
        originatingChannel: "telegram",
        originatingTo: "4242",
        messageId: "m1",
        senderId: "42",
        senderName: "Ada",
      },
    },
    { channelId: "telegram", accountId: "default", conversationId: "4242" },
  ]);
});

test("message_sending changes the text, one handler after the other", async () => {
  await using host = await hostFor((api) => {
    api.on("message_sending", ({ content }) => ({ content: `${content}!` }));
    api.on("message_sending", async ({ to, content }, { channelId }) => ({
      content: `${channelId}/${to}: ${content}`,
    }));
  });

  const payload = await host.hooksOf(Messaging).outbound.promise({ text: "hi", mediaUrl: "m" }, sampleEntry().address);

  assert.deepEqual(payload, { text: "telegram/4242: hi!", mediaUrl: "m" });
});

test("message_sending cancels: nothing is left to send, and later handlers are not asked", async () => {
  let asked = 0;
  await using host = await hostFor((api) => {
    api.on("message_sending", () => ({ cancel: true }));
    api.on("message_sending", () => void asked++);
  });

  const payload = await host
    .hooksOf(Messaging)
    .outbound.promise({ text: "secret", mediaUrl: "m" }, sampleEntry().address);

  assert.deepEqual([payload, asked], [{ text: "" }, 0]);
});

test("message_sent tells what became of a message", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) => api.on("message_sent", (event) => void seen.push(event)));

  await host.hooksOf(Messaging).delivered.promise(sampleEntry());
  await host.hooksOf(Messaging).delivered.promise(sampleEntry({ state: "dead", reason: "blocked" }));

  assert.deepEqual(seen, [
    { to: "4242", content: "hi", success: true },
    { to: "4242", content: "hi", success: false, error: "blocked" },
  ]);
});

test("before_tool_call: parameters of all handlers are merged, and a later one may still block", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) => {
    api.on("before_tool_call", ({ params }) => ({ params: { ...params, b: 2 } }), { priority: 1 });
    api.on("before_tool_call", (event, context) => {
      seen.push(structuredClone(event), context);
      return event.toolName === "exec" ? { block: true, blockReason: "not today" } : { params: { c: 3 } };
    });
  });
  const { beforeTool } = host.hooksOf(Agents);

  const call = toolCall("read", { a: 1 });
  const verdict = await beforeTool.promise(call);
  const blocked = await beforeTool.promise(toolCall("exec", {}));

  assert.deepEqual([verdict, call.arguments, blocked], [undefined, { a: 1, b: 2, c: 3 }, { block: "not today" }]);
  assert.deepEqual(seen.slice(0, 2), [
    { toolName: "read", params: { a: 1, b: 2 } },
    { agentId: "main", sessionKey: "agent:main:main", toolName: "read" },
  ]);
});

test("after_tool_call tells the result, or the error", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) => api.on("after_tool_call", (event) => void seen.push(event)));
  const { afterTool } = host.hooksOf(Agents);
  const good = { content: [{ type: "text" as const, text: "done" }] };
  const bad = { content: [{ type: "text" as const, text: "no such lamp" }], isError: true };

  await afterTool.promise(toolCall("lamp", { n: 1 }), good, 5);
  await afterTool.promise(toolCall("lamp", {}), bad, 6);

  assert.deepEqual(seen, [
    { toolName: "lamp", params: { n: 1 }, result: good, durationMs: 5 },
    { toolName: "lamp", params: {}, result: bad, durationMs: 6, error: "no such lamp" },
  ]);
});

test("session_start tells of a new transcript", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) => api.on("session_start", async (...given) => void seen.push(...given)));

  host.hooksOf(Sessions).started.call(SESSION);

  assert.deepEqual(seen, [{ sessionId: "s1" }, { agentId: "main", sessionId: "s1" }]);
});

test("gateway_start and gateway_stop frame the gateway's life", async () => {
  const seen: unknown[] = [];
  const handlers = (api: OpenClawPluginApi) => {
    api.on("gateway_start", (event, context) => void seen.push(["start", event, context]));
    api.on("gateway_stop", async (event, context) => {
      await Promise.resolve();
      seen.push(["stop", event, context]);
    });
  };
  await using host = await hostFor(handlers);

  await host.hooks.listening.promise({ host: "127.0.0.1", port: 7 });
  await host.hooks.stopping.promise({ reason: "test", restartExpectedMs: undefined, budgetMs: 1_000 });

  assert.deepEqual(seen, [
    ["start", { port: 7 }, { port: 7 }],
    ["stop", { reason: "test" }, { port: 7 }],
  ]);
});

test("an observer that throws is logged with its name and stops nobody", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) => {
    api.on("message_received", () => {
      throw new Error("boom");
    });
    api.on("message_received", () => void seen.push("still"));
  });

  await host.hooksOf(Messaging).received.promise(sampleWork());
  await eventually("the log", () => host.log.some(({ message }) => message === "on message_received failed: boom"));

  assert.deepEqual(seen, ["still"]);
});

test("a name without counterpart is accepted, once as a diagnostic, and named as unsupported", async () => {
  const names = [
    "llm_input",
    "tool_result_persist",
    "before_model_resolve",
    "session_end",
    "before_compaction",
    "llm_input",
  ];

  await using host = await hostFor((api) => {
    for (const name of names) api.on(name, () => undefined);
  });

  assert.deepEqual(
    [...host.notes.diagnostics],
    [...new Set(names)].map((name) => `hook \`${name}\` is not known here; the handler will not run`),
  );
  assert.ok(host.notes.unsupported.has("on(llm_input)"));
});

test("in a gateway, hooks are counted and gateway_start fires", async () => {
  await using gateway = await startWith([fixture("hooks")], { config: { hooks: { internal: { enabled: true } } } });
  const client = await gateway.client();

  await eventually("the start", async () => (await client.request<unknown[]>("hooks.seen", {})).length === 2);

  assert.deepEqual(await client.request("hooks.seen", {}), [`gateway_start ${gateway.port}`, "gateway:startup"]);
  assert.deepEqual(stateOf(gateway, "hooks").contributes["hooks"], ["gateway_start"]);
  assert.deepEqual(stateOf(gateway, "hooks").contributes["eventHooks"], ["greeter"]);
});
