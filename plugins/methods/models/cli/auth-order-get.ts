import { defineCommand } from "openclaw/plugin-sdk";
import { providerOf, settingsOf, storeOf } from "./place.ts";
import { AGENT } from "./save-profile.ts";

/** `openclaw models auth order get <provider>`. */
export default defineCommand({
  local: true,
  options: { agent: AGENT },
  async run(context) {
    const provider = providerOf(context);
    const configured = settingsOf(context).order(provider);
    const order = configured.length > 0 ? configured : storeOf(context).order(provider);
    const source = configured.length > 0 ? "auth.order of the configuration" : "auth-profiles.json";
    context.print(
      { provider, order: order.length > 0 ? order : null, source: order.length > 0 ? source : null },
      order.length > 0
        ? `${provider}: ${order.join(", ")} (${source})`
        : `${provider}: no order; the least recently used first`,
    );
  },
});
