import { switchTo } from "./switch-job.ts";

/** `openclaw cron disable <id>`. */
export default switchTo(false);
