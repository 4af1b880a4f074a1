import { definePlugin, Gateway, isProvided, System } from "openclaw/plugin-sdk";
import { readiness } from "./readiness.ts";

/** http.md §3: alive is who answers at all, ready is who can do its work. */
export default definePlugin((gateway) => {
  const kernel = gateway.use(Gateway);
  const system = gateway.use(System);
  const life = { isStopping: false };
  gateway.hooks.stopping.tap(() => void (life.isStopping = true));

  gateway.route({ path: "/__openclaw__/health", auth: "none", handle: ({ reply }) => reply(200, { ok: true }) });
  for (const path of ["/health", "/healthz"])
    gateway.route({
      path,
      auth: "none",
      scope: "operator.read",
      recognizes: ({ searchParams }) => searchParams.get("verbose") === "1",
      // Alive is what the status says, whatever the report says of the parts.
      async handle({ caller, reply }) {
        const report = caller && isProvided(system) ? await system.health({ probe: false }) : { ok: true };
        reply(200, { ...report, status: "live" });
      },
    });
  for (const path of ["/ready", "/readyz", "/__openclaw__/ready"])
    gateway.route({
      path,
      auth: "none",
      async handle({ reply }) {
        const failing = await readiness(kernel, system, life.isStopping);
        const uptimeMs = Math.round(kernel.state().uptimeMs);
        reply(failing.length === 0 ? 200 : 503, { ready: failing.length === 0, failing, uptimeMs });
      },
    });
});
