import { defineCommand } from "openclaw/plugin-sdk";
import { providerOf, refused, storeOf, words } from "./place.ts";
import { AGENT } from "./save-profile.ts";

/** `openclaw models auth order set <provider> <ids...>`: these, in this order, and no others. */
export default defineCommand({
  local: true,
  options: { agent: AGENT },
  async run(context) {
    const provider = providerOf(context);
    const order = words(context.args["ids"]);
    const store = storeOf(context);
    const known = store.profiles();
    const unknown = order.find((id) => known.get(id)?.provider !== provider);
    if (unknown !== undefined)
      throw refused(`there is no credential ${unknown} for ${provider}; see openclaw models status`);
    await store.file.update((data) => ({ ...data, order: { ...data.order, [provider]: order } }));
    context.print({ ok: true, provider, order }, `${provider}: ${order.join(", ")}`);
  },
});
