import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { storeOf } from "./place.ts";
import { AGENT } from "./save-profile.ts";

/** `openclaw models auth remove <profileId>`: forgets a credential. */
export default defineCommand({
  local: true,
  options: { agent: AGENT },
  async run(context) {
    const id = String(context.args["profileId"]);
    const store = storeOf(context);
    const known = Object.keys(store.file.read().profiles);
    if (!known.includes(id)) {
      const message = `there is no credential ${id} in ${context.tilde(store.file.path)}; it has: ${known.join(", ") || "none"}`;
      throw new CliError(message, { code: "NOT_FOUND" });
    }
    await store.file.update((data) => {
      const { [id]: _profile, ...profiles } = data.profiles;
      const { [id]: _stats, ...usageStats } = data.usageStats ?? {};
      return { ...data, profiles, usageStats };
    });
    context.print({ ok: true, removed: id }, `Removed ${id}.`);
  },
});
