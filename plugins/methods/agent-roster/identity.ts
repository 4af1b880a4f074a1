import { extname } from "node:path";
import type { Settings } from "openclaw/plugin-sdk";
import type { Identity } from "openclaw/plugin-sdk/workspace";
import type { AgentEntry } from "./agent-entry.ts";

export interface ShownIdentity {
  readonly agentId: string;
  readonly name: string;
  readonly avatar: string;
  readonly emoji?: string;
  readonly theme?: string;
}

const NAME = "Assistant";
const AVATAR = "A";
const IMAGES: ReadonlySet<string> = new Set([".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"]);

/**
 * Who an agent is to clients: what the configuration says, then its `IDENTITY.md`. A picture in the workspace becomes
 * the address at which the control UI finds it.
 */
export function identityOf(
  agentId: string,
  entry: AgentEntry | undefined,
  file: Identity,
  settings: Settings,
  isDefault: boolean,
): ShownIdentity {
  const { identity = {}, name } = entry ?? {};
  const assistant = (isDefault && settings.get<Pick<Identity, "name" | "avatar">>("ui.assistant")) || {};
  const avatar = identity.avatar ?? assistant.avatar ?? file.avatar;
  const emoji = identity.emoji ?? file.emoji;
  const theme = identity.theme ?? file.theme;
  return {
    agentId,
    name: identity.name ?? name ?? assistant.name ?? file.name ?? NAME,
    avatar: avatar === undefined ? AVATAR : avatarAddress(avatar, agentId, settings),
    ...(emoji !== undefined && { emoji }),
    ...(theme !== undefined && { theme }),
  };
}

function avatarAddress(avatar: string, agentId: string, settings: Settings): string {
  if (/^(https?:|data:image\/)/i.test(avatar)) return avatar;
  const isFile = /[\\/]/.test(avatar) || IMAGES.has(extname(avatar).toLowerCase());
  if (!isFile) return avatar;
  const base = (settings.get<string>("gateway.controlUi.basePath") ?? "").replace(/\/+$/, "");
  return `${base}/avatar/${agentId}`;
}
