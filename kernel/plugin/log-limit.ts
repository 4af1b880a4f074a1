import type { Logger } from "openclaw/plugin-sdk";

/** Of one plugin (reliability.md §9). */
const LINES_PER_SECOND = 200;
/** Beyond that one line of so many is written all the same, so that one can see what it is about. */
const SAMPLE = 100;
const SECOND_MS = 1_000;

/** A logger that takes 200 lines a second and a sample of the others, and says how many it left out. */
export function limited(log: Logger): Logger {
  let begun = -Infinity;
  let lines = 0;
  let dropped = 0;
  const tell = () => {
    log.warn(`${dropped} log lines left out: more than ${LINES_PER_SECOND} in a second`);
    dropped = 0;
  };
  const admits = () => {
    const now = performance.now();
    if (now - begun >= SECOND_MS) [begun, lines] = [now, 0];
    if (++lines <= LINES_PER_SECOND || lines % SAMPLE === 0) return true;
    if (dropped++ === 0) setTimeout(tell, SECOND_MS).unref();
    return false;
  };
  const at = (level: keyof Logger) => (message: string, fields?: object) => {
    if (admits()) log[level](message, fields);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
