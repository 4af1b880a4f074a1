import { definePlugin, Messaging } from "openclaw/plugin-sdk";
import { createDiscord } from "./channel.ts";

export default definePlugin((gateway) => {
  const discord = createDiscord(gateway);
  gateway.hooks
    .of(Messaging)
    .channel.for("discord")
    .tap({ label: "Discord" }, () => discord);
});
