import type { CliContext } from "openclaw/plugin-sdk";
import type { Profile } from "../profile-file.ts";
import { refused, storeOf, text } from "./place.ts";

export const AGENT = { type: "string", describe: "agent whose credential it is" } as const;
/** The established spelling of what may stand behind the command as well. */
export const PROVIDER = { type: "string", describe: "id of the provider" } as const;
export const PROFILE_ID = { type: "string", describe: "name of the credential, provider:name" } as const;

/** Puts a credential into the agent's file; one of the same name is replaced, its figures begin anew. */
export async function saveProfile(context: CliContext, profile: Profile, fallbackName: string): Promise<void> {
  const { provider } = profile;
  const given = text(context.args["profile-id"]) ?? fallbackName;
  const id = given.includes(":") ? given : `${provider}:${given}`;
  if (!id.startsWith(`${provider}:`) || /\s/.test(id))
    throw refused(`the name of a credential for ${provider} begins with "${provider}:"; not ${id}`);
  const store = storeOf(context);
  await store.file.update((data) => {
    const { [id]: _stats, ...usageStats } = data.usageStats ?? {};
    return { ...data, profiles: { ...data.profiles, [id]: profile }, usageStats };
  });
  const path = store.file.path;
  context.print(
    { ok: true, profileId: id, provider, type: profile.type, path },
    `Saved ${id} in ${context.tilde(path)}. The next turn uses it.`,
  );
}
