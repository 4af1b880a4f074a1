import { fileURLToPath } from "node:url";
import { Agents, definePlugin, Messaging, Sessions } from "openclaw/plugin-sdk";
import type { PromptFile, Session } from "openclaw/plugin-sdk";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import type { HookEvent } from "./event.ts";
import { hookFolders } from "./folders.ts";
import { HookRunner } from "./runner.ts";

const OURS = /^(hooks|agents)(\.|\[|$)/;
const COMMAND = /^\/([a-z][a-z0-9_-]*)(?::?\s+([\s\S]*))?$/i;
/** Behind every other plugin that may refuse a message; who may write and give this command is decided before. */
const LAST = 1_000;
/** A message waits so long for scripts, and no longer. */
const PATIENCE_MS = 3_000;

export default definePlugin((gateway) => {
  const { settings, paths, log } = gateway;
  const [messaging, sessions] = [gateway.use(Messaging), gateway.use(Sessions)];
  const bundled = fileURLToPath(new URL("./bundled", import.meta.url));
  const runner = new HookRunner({ settings, log, folders: () => hookFolders(settings, paths.stateDir, bundled) });
  const isOn = () => settings.get<boolean>("hooks.internal.enabled") === true;

  /** What every script is told, whatever the event. */
  const about = (agentId: string) => ({
    agentId,
    stateDir: paths.stateDir,
    workspaceDir: workspaceOf(agentId, { settings, stateDir: paths.stateDir }),
    messages: (session: Session, limit = 50) => sessions.transcript(session).messages({ limit }),
    ask: (text: string, sessionKey = sessions.mainKey(agentId)) => ask(text, sessionKey),
  });

  const fire = (event: Omit<HookEvent, "timestamp">) => runner.fire({ ...event, timestamp: new Date() });

  gateway.hooks.of(Messaging).admit.tap({ stage: LAST }, async ({ envelope, sessionKey }) => {
    const [, name, args = ""] = (isOn() && COMMAND.exec(envelope.text.trim())) || [];
    if (!name) return;
    const { agentId } = sessions.parseKey(sessionKey);
    const session = await sessions.get(sessionKey);
    const said = { args, senderId: envelope.sender.id, commandSource: envelope.channel };
    const context = {
      ...about(agentId),
      ...said,
      session,
      sessionEntry: session?.entry,
      sessionId: session?.entry.sessionId,
    };
    const told = fire({ type: "command", action: name.toLowerCase(), sessionKey, context });
    // What a script wants to keep of a session it has to read before the session begins anew.
    if (/^(new|reset)$/i.test(name)) await Promise.race([told, late()]);
  });
  gateway.hooks.of(Sessions).started.tap((session) => {
    if (!isOn()) return;
    const context = {
      ...about(session.agentId),
      session,
      sessionEntry: session.entry,
      sessionId: session.entry.sessionId,
    };
    void fire({ type: "session", action: "start", sessionKey: session.key, context });
  });
  gateway.hooks.of(Sessions).changed.tap((key, change) => {
    if (!isOn() || (change !== "reset" && change !== "deleted")) return;
    const context = { ...about(sessions.parseKey(key).agentId), reason: change };
    void fire({ type: "session", action: "end", sessionKey: key, context });
  });
  // A script changes `context.bootstrapFiles`, in place or by another list.
  gateway.hooks.of(Agents).bootstrapFiles.tap(async (files, { agentId, sessionKey }) => {
    if (!isOn()) return files;
    const context: Record<string, unknown> = { ...about(agentId), bootstrapFiles: files.map((file) => ({ ...file })) };
    await Promise.race([fire({ type: "agent", action: "bootstrap", sessionKey, context }), late()]);
    const { bootstrapFiles } = context;
    return Array.isArray(bootstrapFiles) ? bootstrapFiles.filter(isPromptFile) : files;
  });
  // A reload of this plugin is no start of the gateway.
  const start = gateway.keep("start", () => ({ isOver: false }));
  gateway.hooks.listening.tap(() => {
    if (start.isOver) return;
    start.isOver = true;
    if (!isOn()) return;
    const agentId = sessions.defaultAgentId();
    void fire({ type: "gateway", action: "startup", sessionKey: sessions.mainKey(agentId), context: about(agentId) });
  });
  gateway.hooks.configChanged.tap(({ paths: changed }) => {
    if (changed.some((path) => OURS.test(path))) runner.reload();
  });

  const late = () => new Promise<void>((resolve) => gateway.setTimeout(resolve, PATIENCE_MS).unref());

  /** A message of the gateway's own to an agent. */
  async function ask(text: string, sessionKey: string): Promise<void> {
    const id = crypto.randomUUID();
    const to = { channel: "webchat", messageId: `hook:${id}`, runId: `hook-${id}`, sessionKey, chatId: sessionKey };
    await messaging.accept({ ...to, chatType: "direct", text, sender: { id: "gateway" } });
  }
});

/** Scripts are written by people: what is no file is left out. */
function isPromptFile(value: unknown): value is PromptFile {
  const { name, path, text } = (value ?? {}) as Partial<PromptFile>;
  return typeof name === "string" && typeof path === "string" && typeof text === "string";
}
