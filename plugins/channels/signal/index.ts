import { definePlugin, Messaging } from "openclaw/plugin-sdk";
import { createSignal } from "./channel.ts";

/** Signal, by way of signal-cli. */
export default definePlugin((gateway) => {
  const channel = createSignal(gateway.log);
  gateway.hooks
    .of(Messaging)
    .channel.for("signal")
    .tap({ label: "Signal" }, () => channel);
});
