import { defineCommand } from "openclaw/plugin-sdk";
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
    if (lines.length === 0) lines.push("no channel is configured");
    if (others.length > 0) lines.push(`can be added: ${others.join(", ")}`);
    const chat = Object.fromEntries(configured.map(({ id, accounts }) => [id, accounts]));
    context.print({ chat, auth: [], available: others }, lines.join("\n"));
  },
});
