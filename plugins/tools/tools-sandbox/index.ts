import { definePlugin, errorText, Sessions, whenCalm, Workspace } from "openclaw/plugin-sdk";
import { registerMethods } from "./methods.ts";
import { prune } from "./prune.ts";
import { Sandboxes } from "./sandboxes.ts";

const PRUNE_EVERY_MS = 10 * 60_000;

/** Sandboxes in containers of docker. Asked for by the first session that is configured to work in one. */
export default definePlugin((gateway) => {
  const { settings, log } = gateway;
  const sessions = gateway.use(Sessions);
  const sandboxes = new Sandboxes(gateway);

  gateway.hooks
    .of(Workspace)
    .sandbox.for("docker")
    .tap((owner) => sandboxes.of(owner));
  registerMethods(gateway, sandboxes, sessions);

  const tidy = () => {
    prune(sandboxes, { settings, sessions }).then(
      (gone) => gone.length > 0 && log.info(`removed sandboxes that nobody used: ${gone.join(", ")}`),
      (error: unknown) => log.warn(`sandboxes could not be looked through: ${errorText(error)}`),
    );
  };
  whenCalm(gateway, tidy);
  gateway.setInterval(tidy, PRUNE_EVERY_MS).unref();
});
