import { defineCommand } from "openclaw/plugin-sdk";
import { providerOf, text } from "./place.ts";
import { AGENT, PROFILE_ID, saveProfile } from "./save-profile.ts";
import { readSecret } from "./secret.ts";

/** `openclaw models auth add [provider]`: an API key. */
export default defineCommand({
  local: true,
  options: {
    key: { type: "string", describe: "the key, ${NAME} for a variable, or - to read it from stdin" },
    "profile-id": PROFILE_ID,
    agent: AGENT,
  },
  async run(context) {
    const provider = providerOf(context);
    const key = await readSecret(text(context.args["key"]), "--key", `API key for ${provider}`);
    await saveProfile(context, { type: "api_key", provider, key }, "default");
  },
});
