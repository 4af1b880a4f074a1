import { definePlugin, Nodes } from "openclaw/plugin-sdk";

/** Has approved `pwd`, and nothing else. */
export default definePlugin((gateway) => {
  gateway.hooks.of(Nodes).approval.tap(({ command }) => (command === "pwd" ? "allow-once" : undefined));
});
