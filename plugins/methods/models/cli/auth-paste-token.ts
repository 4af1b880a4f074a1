import { defineCommand } from "openclaw/plugin-sdk";
import { providerOf, refused, text } from "./place.ts";
import { AGENT, PROFILE_ID, PROVIDER, saveProfile } from "./save-profile.ts";
import { readSecret } from "./secret.ts";

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `openclaw models auth paste-token [provider]`: a bearer token, such as the one of a subscription. */
export default defineCommand({
  local: true,
  options: {
    provider: PROVIDER,
    token: { type: "string", describe: "the token, or - to read it from stdin" },
    "expires-in": { type: "string", describe: "how long it is good for, such as 30d or 12h" },
    "profile-id": PROFILE_ID,
    agent: AGENT,
  },
  async run(context) {
    const provider = providerOf(context);
    const lifetime = text(context.args["expires-in"]);
    const expires = lifetime === undefined ? undefined : Date.now() + durationOf(lifetime);
    const token = await readSecret(text(context.args["token"]), "--token", `Token for ${provider}`);
    const profile = { type: "token" as const, provider, token, ...(expires !== undefined && { expires }) };
    await saveProfile(context, profile, "manual");
  },
});

function durationOf(given: string): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(given.trim()) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? 0);
  if (ms > 0) return ms;
  throw refused(`--expires-in ${given} is no time; write it as 90m, 12h, 30d or 4w`);
}
