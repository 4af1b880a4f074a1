import { CliError } from "openclaw/plugin-sdk";
import type { CliContext, CliTarget, HealthReport, HelloOk } from "openclaw/plugin-sdk";

/** What one gateway answered, or why it did not. */
export interface Probe {
  readonly target: CliTarget;
  readonly ok: boolean;
  /** From the first byte to the last answer. */
  readonly latencyMs: number | null;
  readonly error: string | null;
  readonly answers?: Answers;
}

export interface Answers {
  readonly hello: HelloOk;
  readonly health: HealthReport;
  readonly status: Readonly<Record<string, unknown>>;
}

export interface ProbeOptions {
  readonly timeoutMs: number;
  readonly target?: CliTarget;
  /** Have the gateway ask the networks too. */
  readonly deep?: boolean;
}

/** Log in and ask how things are. Never rejects for what the gateway or the network does. */
export async function probe(context: CliContext, options: ProbeOptions): Promise<Probe> {
  const { timeoutMs, deep = false } = options;
  const target = options.target ?? context.target();
  const startedAt = performance.now();
  try {
    const client = await context.connect({ mode: "probe", target, timeoutMs });
    try {
      const [health, status] = await Promise.all([
        client.request<HealthReport>("health", { probe: deep }, { timeoutMs }),
        client.request<Answers["status"]>("status", {}, { timeoutMs }),
      ]);
      const latencyMs = Math.round(performance.now() - startedAt);
      return { target, ok: true, latencyMs, error: null, answers: { hello: client.hello as HelloOk, health, status } };
    } finally {
      await client.close();
    }
  } catch (error) {
    return { target, ok: false, latencyMs: null, error: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof CliError ? error.details?.["reason"] : undefined;
  return typeof reason === "string" ? reason : (error as Error).message;
}
