import { GatewayError, LockedError } from "openclaw/plugin-sdk";
import type { Call, ConfigApi } from "openclaw/plugin-sdk";
import type { Edit, RosterConfig } from "./roster-edit.ts";

const ATTEMPTS = 5;

/** What an edit comes to, by the configuration as it is then. A throw ends it. */
export type MakeEdit = (config: RosterConfig) => Edit;

/**
 * Writes an edit that was made from the very file it is applied to: when somebody else was faster, it is made again.
 * Nothing is written on any error.
 */
export async function editRoster(config: ConfigApi, { client }: Call, make: MakeEdit): Promise<void> {
  const actor = client.deviceId ?? client.connect.client.id;
  for (let attempt = 1; ; attempt++) {
    const { config: current, hash } = await config.snapshot();
    try {
      const set = make((current ?? {}) as RosterConfig);
      if (set.size > 0) await config.write({ set }, { actor, baseHash: hash });
      return;
    } catch (error) {
      if (error instanceof LockedError) throw busy(error);
      const isStale = error instanceof GatewayError && error.details?.["code"] === "CONFLICT";
      if (!isStale) throw error;
      if (attempt === ATTEMPTS) throw busy(error);
    }
  }
}

function busy(cause: unknown): GatewayError {
  return new GatewayError("UNAVAILABLE", "config is being written by others; try again", {
    details: { code: "BUSY" },
    retryable: true,
    cause,
  });
}
