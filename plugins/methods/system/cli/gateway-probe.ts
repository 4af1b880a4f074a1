import { networkInterfaces } from "node:os";
import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { probe } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { authText } from "./words.ts";

/** `openclaw gateway probe`: every gateway that is configured, this machine's among them (cli.md §2.4). */
export default defineCommand({
  anyConfig: true,
  options: { timeout: { type: "number", describe: "milliseconds to wait for each", default: 3_000 } },
  async run(context) {
    const timeoutMs = context.args["timeout"] as number;
    const startedAt = performance.now();
    const probes = await Promise.all(context.targets().map((target) => probe(context, { target, timeoutMs })));
    const best = probes.find(({ ok }) => ok) ?? (probes[0] as Probe);
    const durationMs = Math.round(performance.now() - startedAt);
    context.print(asJson(context, probes, best, { durationMs, timeoutMs }), asText(context, probes, best));
    return best.ok ? 0 : 1;
  },
});

function asText({ gateway }: CliContext, probes: readonly Probe[], best: Probe): string {
  const { ok, target, latencyMs, error } = best;
  const configured = gateway.auth.configured || ok;
  return [
    `Gateway probe: ${ok ? `ok (${latencyMs}ms)` : `failed (${error})`}`,
    `WS URL: ${target.url}`,
    `Auth: ${authText({ ...gateway.auth, configured })}`,
    `RPC probe: ${ok ? "ok" : "failed"}`,
    "",
    "Targets",
    ...probes.map((one) => `  ${one.target.id} ${one.target.url}: ${one.ok ? `ok (${one.latencyMs}ms)` : one.error}`),
  ].join("\n");
}

function asJson(context: CliContext, probes: readonly Probe[], best: Probe, times: object): object {
  const { port } = context.gateway;
  const tailnet = tailnetAddress();
  return {
    ok: best.ok,
    ts: Date.now(),
    ...times,
    primaryTargetId: best.target.id,
    warnings: probes.filter(({ ok }) => !ok).map(({ target, error }) => `${target.id}: ${error}`),
    network: {
      localLoopbackUrl: `ws://127.0.0.1:${port}`,
      localTailnetUrl: tailnet ? `ws://${tailnet}:${port}` : null,
      tailnetIPv4: tailnet ?? null,
    },
    targets: probes.map(({ target, ok, latencyMs, error, answers }, index) => ({
      id: target.id,
      kind: target.id,
      url: target.url,
      active: index === 0,
      tunnel: null,
      connect: { ok, latencyMs, error, close: null },
      self: answers ? { host: answers.hello.server.host, version: answers.hello.server.version } : null,
      health: answers?.health ?? null,
      summary: answers?.status ?? null,
      presence: answers?.hello.snapshot.presence ?? null,
    })),
  };
}

/** 100.64.0.0/10 */
function tailnetAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return addresses.find((address) => {
    const [a, b = 0] = address.split(".").map(Number);
    return a === 100 && b >= 64 && b <= 127;
  });
}
