import { definePlugin, Nodes } from "openclaw/plugin-sdk";
import { commandText } from "openclaw/plugin-sdk/exec";

/** Has approved `pwd`, and nothing else. */
export default definePlugin((gateway) => {
  gateway.hooks.of(Nodes).approval.tap(({ command }) => (command === commandText(["pwd"]) ? "allow-once" : undefined));
});
