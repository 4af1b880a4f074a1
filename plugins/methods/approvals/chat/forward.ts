import { errorText, isProvided, terminalText } from "openclaw/plugin-sdk";
import type {
  ExecApproval,
  MessagingApi,
  PluginGateway,
  ReplyAddress,
  SessionEntry,
  SessionsApi,
} from "openclaw/plugin-sdk";
import { chatApprovalKeys } from "./settings.ts";
import type { ChatApprovalKeys } from "./settings.ts";

const SLUG = 8;
/** Questions whose end is still to be told. */
const MAX_ASKED = 200;

/** Tells chats of what waits for a yes, and of how it ended (agent.md §13.3). */
export interface ChatApprovals {
  asked(approval: ExecApproval): void;
  ended(approval: ExecApproval, how: string): void;
}

export interface ChatApprovalParts {
  readonly gateway: PluginGateway;
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
}

/** Nobody waits for a chat: what cannot be told there can still be answered elsewhere. */
export function createChatApprovals(parts: ChatApprovalParts): ChatApprovals {
  const { gateway, messaging } = parts;
  const places = gateway.keep("chats", () => new Map<string, Promise<readonly ReplyAddress[]>>());

  const tell = async ({ id }: ExecApproval, what: string, text: string, addresses: readonly ReplyAddress[]) => {
    for (const [index, address] of addresses.entries()) {
      await messaging.deliver(address, { text, format: "plain" }, `approval:${id}:${what}:${index}`);
    }
  };
  const quietly = (work: Promise<void>) =>
    void work.catch((error: unknown) => gateway.log.warn(`an approval is not told in chats: ${errorText(error)}`));

  return {
    asked(approval) {
      const keys = chatApprovalKeys(gateway.settings);
      if (keys.enabled !== true || !isMeant(approval, keys) || !isProvided(messaging)) return;
      const addresses = addressesOf(approval, keys, parts);
      if (places.size >= MAX_ASKED) places.delete(String(places.keys().next().value));
      places.set(approval.id, addresses);
      quietly(addresses.then((found) => tell(approval, "asked", question(approval), found)));
    },
    ended(approval, how) {
      const addresses = places.get(approval.id);
      places.delete(approval.id);
      if (!addresses || !isProvided(messaging)) return;
      const text = `Approval ${approval.id.slice(0, SLUG)}: ${how}.`;
      quietly(addresses.then((found) => tell(approval, "ended", terminalText(text), found)));
    },
  };
}

/** All of what would run, as approvers on other surfaces see it. */
function question({ id, request, createdAtMs, expiresAtMs }: ExecApproval): string {
  const { command, cwd, host, nodeId, agentId } = request;
  const seconds = Math.round((expiresAtMs - createdAtMs) / 1_000);
  return terminalText(
    [
      `Agent ${agentId ?? "unknown"} asks to run a command on ${nodeId ?? host ?? "unknown"}:`,
      command,
      ...(cwd === null ? [] : [`Folder: ${cwd}`]),
      `Within ${seconds} s: /approve ${id.slice(0, SLUG)} allow-once, allow-always or deny`,
    ].join("\n"),
  );
}

function isMeant({ request }: ExecApproval, { agentFilter = [], sessionFilter = [] }: ChatApprovalKeys): boolean {
  const { agentId, sessionKey } = request;
  if (agentFilter.length > 0 && !agentFilter.includes(agentId ?? "main")) return false;
  return sessionFilter.length === 0 || sessionFilter.some((part) => sessionKey?.includes(part) === true);
}

async function addressesOf(
  { request }: ExecApproval,
  { mode = "session", targets = [] }: ChatApprovalKeys,
  { gateway, messaging, sessions }: ChatApprovalParts,
): Promise<readonly ReplyAddress[]> {
  const found = new Map<string, ReplyAddress>();
  const add = (address: ReplyAddress) => void found.set(JSON.stringify(address), address);
  if (mode !== "targets" && request.sessionKey !== null) {
    const entry = (await sessions.get(request.sessionKey))?.entry;
    const address = entry && lastAddress(entry);
    if (address) add(address);
  }
  for (const { channel, to, accountId, threadId } of mode === "session" ? [] : targets) {
    try {
      const address = await messaging.address(channel, to, accountId);
      add(threadId === undefined ? address : { ...address, threadId: String(threadId) });
    } catch (error) {
      gateway.diagnose(`approvals.exec.targets: ${errorText(error)}`);
    }
  }
  return [...found.values()];
}

/** Where the last message of a session came from. */
function lastAddress({ lastChannel: channel, lastTo: to, ...entry }: SessionEntry): ReplyAddress | undefined {
  const { lastAccountId: accountId = "default", lastThreadId: threadId } = entry;
  if (channel === undefined || to === undefined) return undefined;
  return { channel, accountId, to, ...(typeof threadId === "string" && { threadId }) };
}
