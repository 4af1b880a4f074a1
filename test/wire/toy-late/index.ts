import { definePlugin } from "openclaw/plugin-sdk";

export default definePlugin(async (gateway) => {
  await new Promise<void>((resolve) => gateway.setTimeout(resolve, 900));
  gateway.hooks.authenticate.tap(() => ({ ok: false, code: "NOT_PAIRED", message: "not by me" }));
});
