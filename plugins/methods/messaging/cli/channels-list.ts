import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { accountsOf, configuredChannels, knownChannels, sectionOf } from "./channel-section.ts";

/** `openclaw channels list`: what the file and the manifests say; no gateway is needed. */
export default defineCommand({
  local: true,
  anyConfig: true,
  options: { "no-usage": { type: "boolean", describe: "accepted and without effect", hidden: true } },
  async run(context) {
    const configured = configuredChannels(context).map((id) => {
      const section = sectionOf(context, id) ?? {};
      return { id, accounts: accountsOf(section), isOn: section["enabled"] !== false };
    });
    const others = knownChannels(context).filter((id) => !configured.some((one) => one.id === id));
    const lines = configured.map(
      ({ id, accounts, isOn }) => `- ${id}: ${accounts.join(", ")}${isOn ? "" : " (disabled)"}`,
    );
    const builtIn = others.filter((id) => startsByItself(context, id));
    const addable = others.filter((id) => !builtIn.includes(id));
    if (lines.length === 0) lines.push("no channel is configured");
    if (builtIn.length > 0) lines.push(`always there: ${builtIn.join(", ")}`);
    if (addable.length > 0) lines.push(`can be added: ${addable.join(", ")} (openclaw channels add <channel>)`);
    const chat = Object.fromEntries(configured.map(({ id, accounts }) => [id, accounts]));
    context.print({ chat, auth: [], available: others }, lines.join("\n"));
  },
});

/** A channel that needs no section: its plugin runs with the gateway. */
function startsByItself({ plugins }: CliContext, channel: string): boolean {
  return plugins().some(
    ({ contributes, activation, enabled }) =>
      enabled && activation === "startup" && contributes["channels"]?.includes(channel),
  );
}
