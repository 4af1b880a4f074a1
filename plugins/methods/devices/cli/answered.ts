import { CliError, GatewayError } from "openclaw/plugin-sdk";

/** What the gateway answered; an id that it does not know, with where to look. */
export async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof GatewayError) || !error.message.startsWith("unknown ")) throw error;
    const { code, message, details } = error;
    throw new CliError(message, { code, hint: "openclaw devices list", cause: error, ...(details && { details }) });
  }
}
