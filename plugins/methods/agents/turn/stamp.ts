const STAMPED = /^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d{2}-\d{2} \d{2}:\d{2} [^\]]+\]|Current time: /;

/**
 * `[Fri 2026-11-20 08:13 UTC] ` before a message, so that the model knows when it was said. A message
 * that carries one already is left alone (protocol.md §9.2).
 */
export function stamp(text: string, at: Date, timeZone: string | undefined): string {
  if (STAMPED.test(text)) return text;
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  return `[${part("weekday")} ${day} ${part("hour")}:${part("minute")} ${part("timeZoneName")}] ${text}`;
}

/** The one used last: making one costs more than all the rest of a stamp, and zones seldom change. */
let last: { readonly timeZone: string | undefined; readonly format: Intl.DateTimeFormat } | undefined;

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  if (last && last.timeZone === timeZone) return last.format;
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(timeZone !== undefined && { timeZone }),
  });
  last = { timeZone, format };
  return format;
}
