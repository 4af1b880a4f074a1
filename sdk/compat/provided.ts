import { GatewayError } from "../error.ts";

/** What a service answers, or `undefined` while nobody provides it. */
export function provided<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The same for a service that answers later. */
export async function providedLater<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof GatewayError && error.details?.["code"] === "SERVICE_MISSING";
}
