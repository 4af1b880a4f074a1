import { createHmac, randomBytes } from "node:crypto";
import { secretEquals } from "openclaw/plugin-sdk";

export const MEDIA_PATH = "/__openclaw__/media";
/** http.md §10. */
const LIFE_MS = 10 * 60_000;
/** The id in the name of a stored file. */
const IN_NAME = /---([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.[A-Za-z0-9]{1,8})?$/;

/** Addresses under which whoever has one can read one file for ten minutes. Those of an earlier process open nothing. */
export class MediaLinks {
  readonly #key = randomBytes(32);

  /** For a file of the media store; nothing for another one. */
  of(path: string, now: number = Date.now()): string | undefined {
    const id = IN_NAME.exec(path)?.[1];
    if (id === undefined) return undefined;
    const expiresAt = String(now + LIFE_MS);
    return `${MEDIA_PATH}/${id}?exp=${expiresAt}&sig=${this.#signature(id, expiresAt)}`;
  }

  /** What the address of a request opens; nothing when it is not signed by us. */
  check({ pathname, searchParams }: URL, now: number = Date.now()): "open" | "expired" | undefined {
    const [expiresAt, signature] = [searchParams.get("exp"), searchParams.get("sig")];
    if (expiresAt === null || signature === null) return undefined;
    if (!secretEquals(signature, this.#signature(pathname.slice(MEDIA_PATH.length + 1), expiresAt))) return undefined;
    return Number(expiresAt) > now ? "open" : "expired";
  }

  #signature(id: string, expiresAt: string): string {
    return createHmac("sha256", this.#key).update(`${id} ${expiresAt}`).digest("base64url");
  }
}
