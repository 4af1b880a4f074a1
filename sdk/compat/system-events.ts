import { Agents } from "../services/agents.ts";
import { Sessions } from "../services/sessions.ts";
import { SystemEvents } from "../services/system-events.ts";
import type { Established } from "./established.ts";
import { provided } from "./provided.ts";
import type { PluginRuntime } from "./runtime-contract.ts";

const MAX_QUEUED = 20;
/** After the handlers that plugins order by priority: the events stand first in the prompt. */
const LAST = 1_000_000;

/**
 * `api.runtime.system.enqueueSystemEvent`: texts wait for the next turn of their session, on disk where the service for it
 * is provided, else in memory.
 */
export function createSystemEvents(plugin: Established): PluginRuntime["system"]["enqueueSystemEvent"] {
  const { gateway } = plugin;
  const queues = new Map<string, { readonly text: string; readonly contextKey: string | undefined }[]>();
  const canonical = (key: string) => provided(() => gateway.use(Sessions).parseKey(key).canonical) ?? key;
  let isTapped = false;

  const tap = () => {
    isTapped = true;
    gateway.hooks.of(Agents).beforeTurn.tap({ stage: LAST }, (prompt, { sessionKey }) => {
      const key = canonical(sessionKey);
      const events = queues.get(key);
      if (!events) return undefined;
      queues.delete(key);
      return { ...prompt, text: [...events.map(({ text }) => `System: ${text}`), "", prompt.text].join("\n") };
    });
  };

  return (given, { sessionKey, contextKey: about }) => {
    const text = given.trim();
    const contextKey = about ?? undefined;
    const target = { sessionKey, ...(contextKey !== undefined && { contextKey }) };
    const kept = provided(() => gateway.use(SystemEvents).enqueue(text, target));
    if (kept)
      return void kept.catch((error: unknown) => plugin.logger.warn("system event was not queued", { err: error }));
    const key = canonical(sessionKey);
    const queue = queues.get(key) ?? [];
    const last = queue.at(-1);
    if (text === "" || (last?.text === text && last.contextKey === contextKey)) return;
    if (!isTapped) tap();
    queues.set(key, [...queue, { text, contextKey }].slice(-MAX_QUEUED));
  };
}
