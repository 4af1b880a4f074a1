import type { ProviderAccess } from "openclaw/plugin-sdk";
import type { CandidateParts } from "./candidates.ts";
import { credentialsOf } from "./credential.ts";

/** The first usable credential of a provider, with its address. Sign-ins are left out: they are for models alone. */
export async function accessOf(
  id: string,
  agentId: string | undefined,
  { registry, settings, store, environment }: CandidateParts,
): Promise<ProviderAccess | undefined> {
  const agent = agentId ?? settings.defaultAgentId();
  const provider = await registry.provider(id, agent);
  if (!provider) return undefined;
  const source = {
    provider: id,
    store: store(agent),
    order: settings.order(id),
    configured: provider.apiKey,
    env: provider.env,
    environment,
  };
  const credential = credentialsOf(source, Date.now()).find(({ kind }) => kind !== "oauth");
  if (!credential && !provider.keyless) return undefined;
  return { baseUrl: provider.baseUrl, apiKey: credential?.secret, headers: provider.headers ?? {} };
}
