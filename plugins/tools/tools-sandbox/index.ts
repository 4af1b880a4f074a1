import { definePlugin, Workspace } from "openclaw/plugin-sdk";
import { Sandboxes } from "./sandboxes.ts";

export default definePlugin((gateway) => {
  const sandboxes = new Sandboxes(gateway);

  gateway.hooks
    .of(Workspace)
    .sandbox.for("docker")
    .tap((owner) => sandboxes.of(owner));
});
