import type * as Bolt from "@slack/bolt";

/** The library, as its own types describe it. */
export type Library = typeof Bolt;

/** Loads Bolt: megabytes that nobody pays for whose configuration names no Slack account. */
export function loadLibrary(): Promise<Library> {
  return import("@slack/bolt");
}
