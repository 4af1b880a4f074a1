import { errorText } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";

/**
 * Does what is only polite, such as showing that somebody types: however it fails, also by throwing at once, it delays and
 * fails nothing else.
 */
export function courtesy(what: string, log: Logger, show: () => Promise<void> | undefined): void {
  void (async () => {
    try {
      await show();
    } catch (error) {
      log.debug(`${what} was not shown: ${errorText(error)}`, { err: error });
    }
  })();
}
