import { acquireLock, modelError } from "openclaw/plugin-sdk";
import { grant, GrantRefused, REQUEST_MS } from "./oauth-grant.ts";
import type { Granted, RefusalReason } from "./oauth-grant.ts";
import type { Profile, ProfileFile } from "./profile-file.ts";
import type { ProfileStore } from "./profile-store.ts";
import type { OAuthClient } from "./setting.ts";

type OAuthProfile = Extract<Profile, { type: "oauth" }>;

/** A token that ends so soon is renewed before it is used. */
const EARLY_MS = 5 * 60_000;
/** Another process may be renewing it. */
const LOCK_MS = REQUEST_MS + 5_000;

export interface Renewal {
  readonly store: ProfileStore;
  /** Id of the profile. */
  readonly id: string;
  readonly client: OAuthClient;
  /** A token that was refused: it is renewed however long it lasts. */
  readonly refused?: string;
}

/** Renews access tokens: one request for all who want the token, whatever process they are in. */
export class Renewals {
  readonly #running = new Map<string, Promise<string>>();

  /** The profile's access token, good for a while. Throws what `failureOf` understands, with the command that mends it. */
  async token(renewal: Renewal): Promise<string> {
    const { store, id, refused } = renewal;
    const known = oauthOf(store, id);
    if (known && isFresh(known, refused)) return known.access;
    const key = `${store.file.path} ${id}`;
    const running = this.#running.get(key);
    if (running) return running;
    const renewed = renew(renewal).finally(() => this.#running.delete(key));
    this.#running.set(key, renewed);
    return renewed;
  }
}

/** Can it be renewed at all? */
export function isRenewable(profile: Profile, client: OAuthClient | undefined): boolean {
  return client !== undefined && profile.type === "oauth" && Boolean(profile.refresh);
}

async function renew({ store, id, client, refused }: Renewal): Promise<string> {
  const file = store.fileOf(id);
  const lock = await acquireLock(`${file.path}.refresh.lock`, { waitMs: LOCK_MS }).catch((cause: unknown) => {
    throw failed(id, "another process is renewing it and does not come to an end", "network", cause);
  });
  try {
    // Whoever had the lock before may have done it.
    const profile = oauthOf(store, id);
    if (!profile) throw failed(id, "it is not there any more", "auth");
    if (isFresh(profile, refused)) return profile.access;
    const answer = await ask(id, profile, client);
    await keep(file, id, answer);
    return answer.access;
  } finally {
    lock.release();
  }
}

async function ask(id: string, profile: OAuthProfile, client: OAuthClient): Promise<Granted> {
  try {
    const granted = await grant(profile.provider, client, {
      grant_type: "refresh_token",
      refresh_token: profile.refresh ?? "",
    });
    return { ...granted, refresh: granted.refresh ?? profile.refresh };
  } catch (error) {
    if (error instanceof GrantRefused) throw failed(id, error.message, error.reason, error.cause);
    throw error;
  }
}

async function keep(file: ProfileFile, id: string, { access, refresh, expires }: Granted): Promise<void> {
  await file.update((data) => {
    const profile = data.profiles[id];
    if (profile?.type !== "oauth") return data;
    const next: OAuthProfile = { ...profile, access, expires, ...(refresh !== undefined && { refresh }) };
    return { ...data, profiles: { ...data.profiles, [id]: next } };
  });
}

function oauthOf(store: ProfileStore, id: string): OAuthProfile | undefined {
  const profile = store.profiles().get(id);
  return profile?.type === "oauth" ? profile : undefined;
}

function isFresh({ access, expires }: OAuthProfile, refused: string | undefined): boolean {
  if (refused !== undefined) return access !== refused;
  return expires === undefined || expires - Date.now() > EARLY_MS;
}

function failed(id: string, why: string, reason: RefusalReason, cause?: unknown): Error {
  const provider = id.split(":", 1)[0] ?? id;
  const remedy = reason === "auth" ? `; sign in again: openclaw models auth login ${provider}` : "";
  return modelError(`the sign-in ${id} could not be renewed: ${why}${remedy}`, id, { reason }, cause);
}
