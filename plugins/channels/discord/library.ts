import type * as Discord from "discord.js";

/** The library, as its own types describe it. */
export type Library = typeof Discord;

/** Loads discord.js: tens of megabytes that nobody pays for whose configuration names no Discord account. */
export function loadLibrary(): Promise<Library> {
  return import("discord.js");
}
