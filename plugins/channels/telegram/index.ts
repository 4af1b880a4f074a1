import { definePlugin, Messaging, Skills } from "openclaw/plugin-sdk";
import { createTelegram } from "./channel.ts";
import { Menus } from "./menus.ts";
import { MAX_BODY_BYTES, Webhooks } from "./webhook.ts";

/** Telegram bots. The library is imported when the first account starts. */
export default definePlugin((gateway) => {
  const webhooks = new Webhooks(gateway.log);
  const menus = new Menus(gateway);
  const channel = createTelegram(gateway, webhooks, menus);

  gateway.hooks
    .of(Messaging)
    .channel.for("telegram")
    .tap({ label: "Telegram" }, () => channel);
  gateway.hooks.configChanged.tap(() => menus.refresh());
  gateway.hooks.of(Skills).changed.tap(() => menus.refresh());
  gateway.route({
    path: "/telegram-webhook",
    // Below it for further accounts. Each asks for its own secret.
    match: "prefix",
    auth: "none",
    methods: ["POST"],
    maxBodyBytes: MAX_BODY_BYTES,
    handle: (exchange) => webhooks.handle(exchange),
  });
});
