import { definePlugin } from "openclaw/plugin-sdk";
import { registerTalkMode } from "./talk-mode.ts";
import { registerVoiceWake } from "./voice-wake.ts";

export default definePlugin((gateway) => {
  registerVoiceWake(gateway);
  registerTalkMode(gateway);
});
