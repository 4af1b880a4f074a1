import { join, posix } from "node:path";
import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { HooksOf, Settings, ToolSandbox, Workspace } from "openclaw/plugin-sdk";
import { isSandboxed, sandboxSettings } from "openclaw/plugin-sdk/workspace";
import type { SandboxSubject } from "openclaw/plugin-sdk/workspace";
import { confine } from "./confine.ts";

const NONE =
  'this session works in a sandbox only, and no plugin here provides one; run "openclaw plugins enable tools-sandbox", or set agents.defaults.sandbox.mode to "off"';

/** The sandbox of a session that has to be in one. Whatever fails, the answer is never the machine outside. */
export async function sandboxOf(
  owner: SandboxSubject,
  settings: Settings,
  { sandbox }: HooksOf<typeof Workspace>,
): Promise<ToolSandbox | undefined> {
  if (!isSandboxed(settings, owner)) return undefined;
  const [kind] = [...(sandbox.announced?.() ?? []), ...sandbox.offers.keys()];
  if (kind === undefined) throw new GatewayError("UNAVAILABLE", NONE);
  const offer = await sandbox.resolve(kind).catch((cause: unknown) => {
    throw new GatewayError("UNAVAILABLE", `the sandbox of this session cannot be had: ${errorText(cause)}`, { cause });
  });
  const { agentId, sessionKey } = owner;
  const found = await offer?.hook.promise({ agentId, sessionKey });
  if (!found) throw new GatewayError("UNAVAILABLE", NONE);
  return found;
}

/** Is any agent configured to work in a sandbox? */
export function wantsSandboxes(settings: Settings): boolean {
  const agents = settings.get<readonly { readonly id: string }[]>("agents.list") ?? [];
  return ["main", ...agents.map(({ id }) => id)].some((id) => sandboxSettings(settings, id).mode !== "off");
}

/** Like {@link confine} for a file that is named as it is called inside. Nothing but the workspace can be written. */
export async function confineInside(
  given: string,
  intent: "read" | "write",
  about: { readonly sandbox: ToolSandbox; readonly readable: readonly string[]; readonly closed: string },
): Promise<string> {
  const { root, inside, isWritable } = about.sandbox;
  if (intent === "write" && !isWritable)
    throw new GatewayError(
      "INVALID_REQUEST",
      `cannot write ${given}: the workspace is read-only in this sandbox; set sandbox.workspaceAccess to "rw" or "none"`,
    );
  const plain = posix.normalize(given);
  const isNamed = plain === inside || plain.startsWith(`${inside}/`);
  return confine(isNamed ? join(root, plain.slice(inside.length)) : given, intent, {
    workspace: root,
    readable: about.readable,
    isOpen: false,
    closed: about.closed,
    home: "/",
    shown: inside,
  });
}
