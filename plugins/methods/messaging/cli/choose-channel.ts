import { CliError, GatewayError, withHint } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";

const PHONE_NUMBER = /^\+\d{6,15}$/;

/** The one configured channel; a phone number means WhatsApp when it is configured. */
export function chooseChannel({ config }: CliContext, to: string, command: string): string {
  const configured = Object.keys(config.get<object>("channels") ?? {}).filter((id) => id !== "defaults");
  if (PHONE_NUMBER.test(to) && configured.includes("whatsapp")) return "whatsapp";
  const [only, ...others] = configured;
  if (only !== undefined && others.length === 0) return only;
  const list =
    configured.length > 0 ? `one of ${configured.join(", ")}` : "none is configured; webchat is always there";
  throw usage(`--channel is needed: ${list}`, command);
}

export function usage(message: string, command: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", hint: `openclaw ${command} --help` });
}

const NO_CHANNEL = /^(?:[\w. ]+: )?(?:unsupported|unknown) channel: /;

/** What the gateway answered; a channel that is not there, with where to look. */
export function answered<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    const isUnknown = error instanceof GatewayError && NO_CHANNEL.test(error.message);
    throw isUnknown ? withHint(error, "openclaw channels list") : error;
  });
}
