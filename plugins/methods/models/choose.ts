import { GatewayError } from "openclaw/plugin-sdk";
import type { ModelReference } from "openclaw/plugin-sdk";
import { meant, OFFLINE } from "./candidates.ts";
import { formatReference, parseReference } from "./reference.ts";
import type { Registry } from "./registry.ts";
import type { ModelSettings } from "./setting.ts";

/** What a user may choose (agent.md §7.1). The configured model is always allowed. */
export async function chooseModel(
  text: string,
  agentId: string | undefined,
  settings: ModelSettings,
  registry: Registry,
): Promise<ModelReference> {
  const name = meant(text, agentId, settings);
  if (!name) throw refused(`model "${text.trim()}" names no provider; write it as provider/model`);
  const reference = formatReference(name);
  const primary = parseReference(settings.choice(agentId).primary ?? OFFLINE);
  if (primary && formatReference(primary) === reference) return name;
  const allowed = Object.keys(settings.listed()).map((one) => one.toLowerCase());
  if (allowed.length > 0 && !allowed.includes(reference.toLowerCase()))
    throw refused(`model not allowed: ${reference}; add it to agents.defaults.models or choose another with /model`);
  if (!(await registry.provider(name.provider, agentId)))
    throw refused(`unknown model: ${reference}; add its provider to models.providers or choose another with /model`);
  return name;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, { details: { code: "UNKNOWN_MODEL" } });
}
