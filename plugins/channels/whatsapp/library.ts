import { ChannelError } from "openclaw/plugin-sdk";
import type * as Baileys from "@whiskeysockets/baileys";

export type Library = typeof Baileys;

/** The one version this channel was written for and tested with. */
export const LIBRARY_VERSION = "7.0.0-rc14";
export const INSTALL_COMMAND = `npm install --omit=peer @whiskeysockets/baileys@${LIBRARY_VERSION}`;

/**
 * The library, imported when an account starts and not before. It is no dependency of the gateway, because libsignal
 * beneath it is licensed under the GPL-3.0: without it the account fails with the command that installs it.
 */
export async function loadLibrary(
  load: () => Promise<Library> = () => import("@whiskeysockets/baileys"),
): Promise<Library> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new ChannelError(
      "auth",
      `WhatsApp needs a library that is not installed: run \`${INSTALL_COMMAND}\` where openclaw is installed (with -g if it is installed globally) and restart the gateway; libsignal beneath it is licensed under the GPL-3.0`,
      { fix: INSTALL_COMMAND, cause },
    );
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
