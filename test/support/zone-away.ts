const MINUTE_MS = 60_000;
/** Longer than any test file runs. */
const AHEAD_MS = 5 * MINUTE_MS;
const HOURS_ON = 2;

/** A time zone in which no hour of the night begins within the next minutes, when in the local one it does. */
export function zoneAwayFromNight(now: Date): string | undefined {
  const isNear = [0, 4].some((hour) => {
    const next = new Date(now);
    next.setHours(hour, 0, 0, 0);
    if (next <= now) next.setDate(next.getDate() + 1);
    return next.getTime() - now.getTime() <= AHEAD_MS;
  });
  if (!isNear) return undefined;
  const east = Math.round(-now.getTimezoneOffset() / 60) + HOURS_ON;
  // There is no zone beyond twelve hours that knows no other: a day before it is as late.
  const known = east > 12 ? east - 24 : east;
  // POSIX counts to the west.
  return `Etc/GMT${known > 0 ? "-" : "+"}${Math.abs(known)}`;
}
