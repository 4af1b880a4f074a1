import { definePlugin } from "openclaw/plugin-sdk";

/** `instanceId` says what to decide: `grant:<scopes>`, `refuse`, `throw`, `hang`; anything else is left to the gateway. */
export default definePlugin((gateway) => {
  gateway.hooks.authenticate.tapPromise(async ({ params, sharedAuth }) => {
    const [verb, argument = ""] = (params.client.instanceId ?? "").split(":");
    if (verb === "grant") return { ok: true, scopes: argument.split(",").filter(Boolean) };
    if (verb === "token") {
      const [role = "operator", scopes = ""] = argument.split("/");
      return {
        ok: true,
        deviceToken: { deviceToken: "0".repeat(32), role, scopes: scopes.split(",").filter(Boolean) },
      };
    }
    if (verb === "refuse")
      return { ok: false, code: "NOT_PAIRED", message: "pairing required", details: { sharedAuth } };
    if (verb === "throw") throw new Error("out of order");
    return undefined;
  });
});
