export interface ActiveHours {
  readonly start?: string;
  readonly end?: string;
  /** `user`, `local`, or a name such as Europe/Berlin. */
  readonly timezone?: string;
}

const TIME = /^([01]?\d|2[0-4]):([0-5]\d)$/;
const DAY = 24 * 60;

/** Is it a time at which the agent may speak up? The end is not part of it; 22:00 to 06:00 goes over midnight. */
export function isActiveAt(at: Date, hours: ActiveHours | undefined, userZone: string | undefined): boolean {
  const start = minutesOf(hours?.start) ?? 0;
  const end = minutesOf(hours?.end) ?? DAY;
  if (!hours || start === end) return true;
  const now = minuteOfDay(at, zoneOf(hours.timezone, userZone));
  return start < end ? now >= start && now < end : now >= start || now < end;
}

function minutesOf(text: string | undefined): number | undefined {
  const [, hour, minute] = TIME.exec(text ?? "") ?? [];
  if (hour === undefined) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= DAY ? minutes : undefined;
}

function zoneOf(timezone: string | undefined, userZone: string | undefined): string | undefined {
  if (timezone === "local") return undefined;
  return timezone !== undefined && timezone !== "user" && isZone(timezone) ? timezone : known(userZone);
}

function known(zone: string | undefined): string | undefined {
  return zone !== undefined && isZone(zone) ? zone : undefined;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return true;
  } catch {
    // A name that nobody knows.
    return false;
  }
}

function minuteOfDay(at: Date, timeZone: string | undefined): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timeZone !== undefined && { timeZone }),
  });
  const parts = format.formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return part("hour") * 60 + part("minute");
}
