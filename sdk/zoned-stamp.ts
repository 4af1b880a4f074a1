/** Making one costs more than all the rest of a stamp. */
const formats = new Map<string | undefined, Intl.DateTimeFormat>();
const MAX_FORMATS = 50;

/** `Fri 2026-11-20 08:13 UTC`, in a zone. Without one, and for one that nobody knows, in that of this machine. */
export function zonedStamp(at: Date, timeZone?: string): string {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  return `${part("weekday")} ${day} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = createFormat(timeZone);
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(timeZone, format);
  return format;
}

function createFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const options = {
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, ...(timeZone !== undefined && { timeZone }) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The machine's own time is better than no message.
    return new Intl.DateTimeFormat("en-GB", options);
  }
}
