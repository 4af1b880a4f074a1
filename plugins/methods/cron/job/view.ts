import type { CronJob } from "openclaw/plugin-sdk";
import { scheduleText } from "../schedule/schedule.ts";
import type { Job, Payload } from "./job.ts";
import { toSeed } from "./seed.ts";

/** What stands for a secret in everything that is told; given back in a patch it leaves the secret as it is. */
export const HIDDEN = "__OPENCLAW_REDACTED__";

const SECRET_HEADER = /auth|cookie|key|secret|token|signature/i;

/** A job as clients are told of it: the one form, and beside it the seed's words, so that clients of either can read it. */
export function viewOf(job: Job): CronJob {
  const shown = { ...job, payload: masked(job.payload) };
  const { format: _format, extra, idempotencyKey: _key, author: _author, state, ...fields } = shown;
  const { lastDueMs: _due, workId: _work, ...known } = state;
  return { ...extra, ...fields, state: known, scheduleText: scheduleText(job.schedule), ...toSeed(shown) };
}

function masked(payload: Payload): Payload {
  if (payload.kind !== "webhook") return payload;
  const { secret, headers } = payload;
  return {
    ...payload,
    ...(secret !== undefined && { secret: HIDDEN }),
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? HIDDEN : value]),
      ),
    }),
  };
}

/** A payload that came back as it was told, with the secrets that it had. */
export function unmasked(payload: Payload, before: Payload | undefined): Payload {
  if (payload.kind !== "webhook" || before?.kind !== "webhook") return payload;
  const { secret, headers } = payload;
  return {
    ...payload,
    ...(isHidden(secret) && before.secret !== undefined && { secret: before.secret }),
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value === HIDDEN ? (before.headers?.[name] ?? value) : value,
        ]),
      ),
    }),
  };
}

function isHidden(text: string | undefined): boolean {
  return text === HIDDEN;
}
