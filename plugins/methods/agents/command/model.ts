import { GatewayError } from "openclaw/plugin-sdk";
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
      const known = await listed(models);
      lines.push(...known.slice(0, LISTED).map((one, index) => `${index + 1}. ${one}`));
      if (known.length > LISTED) lines.push(`… and ${known.length - LISTED} more: openclaw models list`);
    } else lines.push("Use /model <provider/model> or /model <number> to change it, /model list to see others.");
    return lines.join("\n");
  }
  if (args === "default" || args === "reset") {
    await sessions.update(session.key, () => ({ ...NONE, providerOverride: undefined, modelOverride: undefined }));
    return `Model is the default again: ${models.primary(agentId)}.`;
  }
  const { provider, model: id, profileId } = await models.choose(await named(args, models), agentId);
  await sessions.update(session.key, () => ({
    ...NONE,
    providerOverride: provider,
    modelOverride: id,
    ...(profileId !== undefined && { authProfileOverride: profileId, authProfileOverrideSource: "user" }),
  }));
  return `Model set to ${provider}/${id}${profileId === undefined ? "" : ` with ${profileId}`}.`;
}

/** A number is a place in the list that was shown. */
async function named(args: string, models: CommandParts["models"]): Promise<string> {
  if (!/^\d{1,4}$/.test(args)) return args;
  const known = await listed(models);
  const one = known[Number(args) - 1];
  if (one !== undefined) return one;
  throw new GatewayError("INVALID_REQUEST", `there is no model ${args}; /model list has ${known.length}`);
}

async function listed(models: CommandParts["models"]): Promise<string[]> {
  return (await models.list()).map(({ provider, id }) => `${provider}/${id}`);
}

/** A credential that was chosen for the model before need not fit this one. */
const NONE = { authProfileOverride: undefined, authProfileOverrideSource: undefined };
