import { GatewayError, withHint } from "openclaw/plugin-sdk";

/** What the gateway answered; an id that it does not know, with where to look. */
export function answered<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    const isUnknown = error instanceof GatewayError && error.message.startsWith("unknown ");
    throw isUnknown ? withHint(error, "openclaw devices list") : error;
  });
}
