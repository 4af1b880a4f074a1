import type { CliContext } from "openclaw/plugin-sdk";

/** Longest wait for a session that works to let go, and then some. */
const TIMEOUT_MS = 30_000;

/** Asks the gateway to do something with the session that the command line names. */
export async function ofSession<T>({ connect, args }: CliContext, method: string, params: object = {}): Promise<T> {
  const client = await connect();
  try {
    const given = Object.entries(params).filter(([, value]) => value !== undefined);
    return await client.request<T>(
      method,
      { key: args["key"], ...Object.fromEntries(given) },
      { timeoutMs: TIMEOUT_MS },
    );
  } finally {
    await client.close();
  }
}
