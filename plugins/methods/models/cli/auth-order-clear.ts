import { defineCommand } from "openclaw/plugin-sdk";
import { providerOf, storeOf } from "./place.ts";
import { AGENT } from "./save-profile.ts";

/** `openclaw models auth order clear <provider>`. */
export default defineCommand({
  local: true,
  options: { agent: AGENT },
  async run(context) {
    const provider = providerOf(context);
    await storeOf(context).file.update((data) => {
      const { [provider]: _gone, ...order } = data.order ?? {};
      return { ...data, order };
    });
    context.print({ ok: true, provider }, `${provider}: no order; the least recently used first`);
  },
});
