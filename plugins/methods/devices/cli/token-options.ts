import { CliError } from "openclaw/plugin-sdk";
import type { CliArgs } from "openclaw/plugin-sdk";

/** Which token is meant: each device has one per role. */
export const TOKEN_OPTIONS = {
  device: { type: "string", describe: "id of the device, as devices list shows it, or its beginning" },
  role: { type: "string", describe: "role of the token", choices: ["operator", "node"], default: "operator" },
} as const;

export function tokenOf(args: CliArgs): { readonly deviceId: string; readonly role: string } {
  const { device, role } = args as { device?: string; role: string };
  if (device === undefined || device === "") {
    const hint = "openclaw devices list shows the ids";
    throw new CliError("--device is missing; pass the id of a device", { exitCode: 2, code: "USAGE", hint });
  }
  return { deviceId: device, role };
}
