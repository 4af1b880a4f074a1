import { defineCommand } from "openclaw/plugin-sdk";
import { refused, text } from "./place.ts";
import { AGENT, PROFILE_ID, PROVIDER, saveProfile } from "./save-profile.ts";
import { readSecret } from "./secret.ts";

/** What `claude setup-token` prints begins so; a key of the console does not. */
const PREFIX = "sk-ant-oat";
const SHORTEST = 40;

/** `openclaw models auth setup-token [provider]`: the token that `claude setup-token` prints, for a subscription. */
export default defineCommand({
  local: true,
  options: {
    provider: PROVIDER,
    token: { type: "string", describe: "the token, or - to read it from stdin" },
    "profile-id": PROFILE_ID,
    agent: AGENT,
  },
  async run(context) {
    const provider = text(context.args["provider"])?.toLowerCase() ?? "anthropic";
    if (provider !== "anthropic")
      throw refused(
        `there are setup tokens for anthropic only, not for ${provider}`,
        `for another token: openclaw models auth paste-token ${provider}`,
      );
    const token = await readSecret(
      text(context.args["token"]),
      "--token",
      'Token that "claude setup-token" printed (on any machine)',
    );
    if (!token.startsWith(PREFIX) || token.length < SHORTEST)
      throw refused(
        `that is no setup token: one begins with ${PREFIX}; make one with: claude setup-token`,
        "for an API key: openclaw models auth add anthropic",
      );
    await saveProfile(context, { type: "token", provider, token }, "setup-token");
  },
});
