import { definePlugin, Messaging } from "openclaw/plugin-sdk";
import { WEBHOOK_PATH } from "./account.ts";
import { createSlack } from "./channel.ts";
import { MAX_BODY_BYTES, Webhooks } from "./webhook.ts";

/** Slack apps. The library is imported when the first account starts. */
export default definePlugin((gateway) => {
  const webhooks = new Webhooks(gateway.log);
  const slack = createSlack(gateway, webhooks);
  gateway.hooks
    .of(Messaging)
    .channel.for("slack")
    .tap({ label: "Slack" }, () => slack);
  gateway.route({
    path: WEBHOOK_PATH,
    // Below it for further accounts. Each asks for the signature of its own secret.
    match: "prefix",
    auth: "none",
    methods: ["POST"],
    // Events are JSON, commands and buttons forms.
    accepts: ["application/json", "application/x-www-form-urlencoded"],
    maxBodyBytes: MAX_BODY_BYTES,
    handle: (exchange) => webhooks.handle(exchange),
  });
});
