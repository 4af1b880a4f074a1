import { Agents, definePlugin, textResult, Type } from "openclaw/plugin-sdk";
import type { ToolContext, ToolOptions, ToolResult } from "openclaw/plugin-sdk";

/** Tools that do what no tool should. */
export default definePlugin((gateway) => {
  const { tool } = gateway.hooks.of(Agents);
  let count = 0;
  const aborted: string[] = [];
  const offer = (
    name: string,
    run: (call: ToolContext) => ToolResult | Promise<ToolResult>,
    options: Partial<ToolOptions> = {},
  ) => tool.for(name).tap({ description: name, parameters: Type.Object({}), ...options }, run);

  offer(
    "hang",
    ({ signal }) => {
      // It lets go when the test is over: a plugin that does not holds up the end of its gateway.
      const { promise, resolve } = Promise.withResolvers<ToolResult>();
      gateway.hooks.stopping.tap(() => resolve(textResult("too late")));
      signal.addEventListener("abort", () => void aborted.push(String(signal.reason)));
      return promise;
    },
    { timeoutMs: 100 },
  );
  offer("flood", () => textResult(`start ${"x".repeat(2_000_000)} end`));
  offer("thrower", () => {
    throw new Error("it broke");
  });
  offer("shapeless", () => ({ content: [{ type: "text" }, null, { type: "text", text: "kept" }] }) as never);
  offer("owners", () => textResult("for owners"), { ownerOnly: true });
  offer("same", () => textResult("as ever"));
  offer("counter", () => textResult(String(++count)));
  offer("hidden", () => textResult("never"), { isAvailable: () => false });
  const agents = gateway.use(Agents);
  gateway.method({
    name: "odd.use",
    scope: "operator.write",
    params: Type.Object({ name: Type.String(), args: Type.Optional(Type.Object({}, { additionalProperties: true })) }),
    async handle({ name, args = {} }, { signal }) {
      const turn = { agentId: "main", sessionKey: "agent:main:main", runId: "odd", isOwner: true };
      const result = await agents.useTool(turn, { name, toolCallId: "odd-1", arguments: args, signal });
      return { result: result ?? null };
    },
  });
  gateway.method({ name: "odd.aborted", scope: "operator.read", params: Type.Object({}), handle: () => ({ aborted }) });
});
