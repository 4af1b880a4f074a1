import { CliError } from "openclaw/plugin-sdk";
import type { CliArgs, GatewayClient } from "openclaw/plugin-sdk";
import type { ListedJob } from "./job-line.ts";

/** All jobs, also those that are switched off. */
export async function allJobs(client: GatewayClient): Promise<readonly ListedJob[]> {
  const { jobs } = await client.request<{ jobs: ListedJob[] }>("cron.list", { includeDisabled: true });
  return jobs;
}

/** The job that somebody means: by its id, the beginning of it, or its name, where no other has that. */
export async function findJob(client: GatewayClient, args: CliArgs): Promise<ListedJob> {
  const given = String(args["id"]);
  const jobs = await allJobs(client);
  const exact = jobs.find(({ id }) => id === given);
  if (exact) return exact;
  const meant = jobs.filter(({ id, name }) => id.startsWith(given) || name === given);
  const [job, ...others] = meant;
  const hint = "openclaw cron list --all";
  if (!job) throw new CliError(`there is no job ${given}`, { code: "NOT_FOUND", hint });
  if (others.length === 0) return job;
  const ids = meant.map(({ id, name }) => `${id} (${name})`).join(", ");
  throw new CliError(`${given} can mean several jobs: ${ids}`, { exitCode: 2, code: "USAGE", hint });
}
