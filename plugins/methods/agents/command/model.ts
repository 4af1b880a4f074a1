import type { CommandCall } from "openclaw/plugin-sdk";
import type { CommandParts } from "./parts.ts";

const LISTED = 40;

/** `/model [ref[@profile] | list | default]`: which model answers in this session. */
export async function model({ args, session }: CommandCall, { sessions, models }: CommandParts): Promise<string> {
  const { agentId } = session;
  if (args === "" || args === "status" || args === "list") {
    const [current, ...others] = await models.candidates({ agentId, session });
    const lines = [`Model: ${current?.reference ?? models.primary(agentId)}`];
    const fallbacks = [...new Set(others.map(({ reference }) => reference))].filter(
      (one) => one !== current?.reference,
    );
    if (fallbacks.length > 0) lines.push(`Fallbacks: ${fallbacks.join(", ")}`);
    if (args === "list") {
      const known = (await models.list()).map(({ provider, id }) => `${provider}/${id}`);
      lines.push(...known.slice(0, LISTED).map((one) => `- ${one}`));
      if (known.length > LISTED) lines.push(`… and ${known.length - LISTED} more: openclaw models list`);
    } else lines.push("Use /model <provider/model> to change it, /model list to see others.");
    return lines.join("\n");
  }
  if (args === "default" || args === "reset") {
    await sessions.update(session.key, () => ({ ...NONE, providerOverride: undefined, modelOverride: undefined }));
    return `Model is the default again: ${models.primary(agentId)}.`;
  }
  const { provider, model: id, profileId } = await models.choose(args, agentId);
  await sessions.update(session.key, () => ({
    ...NONE,
    providerOverride: provider,
    modelOverride: id,
    ...(profileId !== undefined && { authProfileOverride: profileId, authProfileOverrideSource: "user" }),
  }));
  return `Model set to ${provider}/${id}${profileId === undefined ? "" : ` with ${profileId}`}.`;
}

/** A credential that was chosen for the model before need not fit this one. */
const NONE = { authProfileOverride: undefined, authProfileOverrideSource: undefined };
