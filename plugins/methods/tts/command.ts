import { Messaging } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import type { PreferencesFile } from "./preferences.ts";
import { isProviderId, PROVIDER_IDS, PROVIDERS } from "./providers.ts";
import type { ProviderId } from "./providers.ts";

const USE = `Use /tts status, /tts on, /tts off or /tts provider ${PROVIDER_IDS.join("|")}.`;

export interface TtsChoice {
  readonly preferences: PreferencesFile;
  readonly isConfigured: (provider: ProviderId) => boolean;
  readonly state: () => Promise<{ readonly auto: string; readonly provider: ProviderId }>;
}

/** `/tts`: whether answers are spoken, and by whom; what `tts.enable` and `tts.setProvider` do for clients. */
export function registerTts(gateway: PluginGateway, choice: TtsChoice): void {
  // One choice counts for everybody who talks to the gateway.
  const options = { description: "speak answers: status, on, off or provider", acceptsArgs: true, ownerOnly: true };
  gateway.hooks
    .of(Messaging)
    .command.for("tts")
    .tap({ ...options, yields: true }, async ({ args }) => ({ text: await tts(args, choice), format: "plain" }));
}

async function tts(args: string, { preferences, isConfigured, state }: TtsChoice): Promise<string> {
  const [action = "status", name, ...more] = args.toLowerCase().split(/\s+/).filter(Boolean);
  if (more.length > 0 || (name !== undefined && action !== "provider")) return USE;
  if (action === "on" || action === "off") await preferences.change({ auto: action === "on" ? "always" : "off" });
  else if (action === "provider" && isProviderId(name)) await preferences.change({ provider: name });
  else if (action !== "status") return USE;
  const { auto, provider } = await state();
  const lacks = PROVIDERS[provider].request ? `no key; set messages.tts.${provider}.apiKey` : "not served here";
  return `Speech: ${auto}, provider ${provider}${isConfigured(provider) ? "" : ` (${lacks})`}.`;
}
