// Preloaded by `npm test`: sessions begin anew at four in the morning and days end at midnight, by the local clock. A test
// that runs just then would see it happen, so its clock is set two hours on.
import { zoneAwayFromNight } from "./zone-away.ts";

const zone = zoneAwayFromNight(new Date());
if (zone !== undefined) process.env["TZ"] = zone;
