import { definePlugin, Messaging } from "openclaw/plugin-sdk";
import { createSignal } from "./channel.ts";
import { Logins } from "./login.ts";

/** Signal, by way of signal-cli. */
export default definePlugin((gateway) => {
  const logins = new Logins(gateway.log);
  gateway.own("logins", () => logins.close());
  const channel = createSignal(gateway.log, logins);
  gateway.hooks
    .of(Messaging)
    .channel.for("signal")
    .tap({ label: "Signal" }, () => channel);
});
