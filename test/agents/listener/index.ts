import { Agents, definePlugin, Type } from "openclaw/plugin-sdk";

/** Taps what a turn offers to plugins, and tells what it heard. */
export default definePlugin((gateway) => {
  const heard: string[] = [];
  const hooks = gateway.hooks.of(Agents);
  hooks.bootstrapFiles.tap((files) => [
    ...files.filter(({ name }) => name !== "SOUL.md"),
    { name: "EXTRA.md", path: "/extra", text: "Say please.", missing: false },
  ]);
  hooks.beforeModelCall.tap((messages) => {
    heard.push("model call");
    return [
      ...messages,
      { role: "user" as const, content: [{ type: "text" as const, text: "(whisper)" }], timestamp: 0 },
    ];
  });
  hooks.modelPart.tap(({ type }) => void (type === "finish" && heard.push("finish")));
  hooks.toolResultPersist.tap((message) => ({ ...message, content: [{ type: "text" as const, text: "kept short" }] }));
  hooks.beforeCompaction.tap(() => void heard.push("before compaction"));
  hooks.afterCompaction.tap(
    ({ tokensAfter }) => void heard.push(tokensAfter > 0 ? "after compaction" : "nothing left"),
  );
  hooks.replyPayloads.tap((payloads) => payloads.map((one) => ({ ...one, text: one.text.toUpperCase() })));
  gateway.method({
    name: "listener.heard",
    scope: "operator.read",
    params: Type.Object({}),
    handle: () => ({ heard }),
  });
});
