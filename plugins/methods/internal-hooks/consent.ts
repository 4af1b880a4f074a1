import type { Settings } from "openclaw/plugin-sdk";
import type { Hook } from "./hook.ts";

interface Internal {
  readonly enabled?: boolean;
  readonly entries?: Readonly<
    Record<string, { readonly enabled?: boolean; readonly env?: Readonly<Record<string, string>> }>
  >;
  readonly installs?: Readonly<Record<string, { readonly hash?: string }>>;
}

/**
 * Why a script does not run; nothing when it does. It is code in this process, so the owner has to name it, and one that
 * did not come with the gateway runs only as it was when it was named: agents can write into their workspace.
 */
export function whyNot({ name, source, hash, problem }: Hook, settings: Pick<Settings, "get">): string | undefined {
  if (problem !== undefined) return problem;
  const { enabled, entries = {}, installs = {} } = settings.get<Internal>("hooks.internal") ?? {};
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (enabled !== true || entry?.enabled !== true) return `is off; run: openclaw hooks enable ${name}`;
  if (source === "openclaw-bundled") return undefined;
  const agreed = Object.hasOwn(installs, name) ? installs[name]?.hash : undefined;
  if (agreed === hash) return undefined;
  return `has changed since it was enabled; look at it and run: openclaw hooks enable ${name}`;
}

export function isWanted({ name }: Hook, settings: Pick<Settings, "get">): boolean {
  const { enabled, entries = {} } = settings.get<Internal>("hooks.internal") ?? {};
  return enabled === true && Object.hasOwn(entries, name) && entries[name]?.enabled === true;
}

export function envOf({ name }: Hook, settings: Pick<Settings, "get">): Readonly<Record<string, string>> {
  const { entries = {} } = settings.get<Internal>("hooks.internal") ?? {};
  return (Object.hasOwn(entries, name) ? entries[name]?.env : undefined) ?? {};
}
