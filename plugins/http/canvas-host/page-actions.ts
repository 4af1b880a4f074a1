import { wrapUntrusted } from "openclaw/plugin-sdk";
import type { Logger, SystemEventsApi } from "openclaw/plugin-sdk";

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const MAX_CHARS = 2_000;

/** What somebody did on a page becomes news for the next turn: words of others, and not too many of them. */
export function createPageActions(events: SystemEventsApi, log: Logger): (text: string) => void {
  let since = -Infinity;
  let count = 0;
  return (text) => {
    const action = actionOf(text);
    if (action === undefined) return;
    if (performance.now() - since > MINUTE_MS) [since, count] = [performance.now(), 0];
    if (++count === PER_MINUTE + 1)
      log.warn(`a canvas page sends more than ${PER_MINUTE} actions a minute; the rest is dropped`);
    if (count > PER_MINUTE) return;
    void events.enqueue(wrapUntrusted(action, "a page of the canvas"), {
      contextKey: "canvas",
      isUntrusted: true,
    });
  };
}

/** The action in `{type:"a2ui.action", …}`, as text. */
function actionOf(text: string): string | undefined {
  try {
    const message = JSON.parse(text) as { type?: unknown } | null;
    if (message?.type !== "a2ui.action") return undefined;
    return `Somebody used the page: ${JSON.stringify(message).slice(0, MAX_CHARS)}`;
  } catch {
    return undefined;
  }
}
