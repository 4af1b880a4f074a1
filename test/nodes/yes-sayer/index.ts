import { closed, definePlugin, Nodes, Type } from "openclaw/plugin-sdk";
import { commandText } from "openclaw/plugin-sdk/exec";

/** Approves `pwd` and `uname`, says nothing to anything else, and knows what it has approved. */
export default definePlugin((gateway) => {
  const approved = new Set([commandText(["pwd"]), "uname"]);
  gateway.hooks.of(Nodes).approval.tap(({ command }) => (approved.has(command) ? "allow-once" : undefined));
  const Name = Type.Optional(Type.String());
  gateway.method({
    name: "exec.approval.request",
    scope: "operator.approvals",
    params: closed({
      command: Type.String(),
      host: Type.Literal("node"),
      security: Name,
      ask: Name,
      agentId: Name,
      timeoutMs: Type.Integer(),
    }),
    handle: ({ command }) => ({ id: "1", decision: approved.has(command) ? "allow-once" : null }),
  });
});
