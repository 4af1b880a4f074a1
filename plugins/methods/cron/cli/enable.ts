import { switchTo } from "./switch-job.ts";

/** `openclaw cron enable <id>`. */
export default switchTo(true);
