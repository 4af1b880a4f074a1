import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import type { SandboxSettings, SandboxSubject } from "openclaw/plugin-sdk/workspace";

const MAX_SLUG = 40;

/** Who shares a sandbox: all sessions with the same key. */
export function scopeKeyOf({ scope }: SandboxSettings, { agentId, sessionKey }: SandboxSubject): string {
  if (scope === "shared") return "shared";
  return scope === "agent" ? `agent:${agentId}` : sessionKey;
}

/** A name for files that stands for one scope alone, whatever is in its key (state.md §2). */
export function folderName(scopeKey: string): string {
  return `${slugOf(scopeKey)}-${digest(scopeKey, 8)}`;
}

/** Two gateways that use one docker have containers of different names. */
export function containerName(gatewayId: string, scopeKey: string): string {
  return `openclaw-sandbox-${slugOf(scopeKey)}-${digest(`${gatewayId}\0${scopeKey}`, 8)}`;
}

/** Tells this gateway's containers from those of others. */
export function gatewayIdOf(stateDir: string): string {
  return digest(realpathSync(stateDir), 16);
}

export function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

function slugOf(text: string): string {
  const slug = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return slug.replaceAll(/^-+|-+$/g, "").slice(0, MAX_SLUG) || "sandbox";
}
