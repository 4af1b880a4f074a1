import { ChannelError } from "openclaw/plugin-sdk";
import type { AuthenticationCreds, SignalDataTypeMap, SignalKeyStore } from "@whiskeysockets/baileys";
import { LOGIN_FIX } from "./close-reason.ts";
import type { CredentialFiles } from "./credential-files.ts";
import type { Library } from "./library.ts";

/** Keys written at once: a first login brings hundreds. */
const WRITES_AT_ONCE = 8;

/** What an account is logged in with: who it is, and the keys of its conversations. */
export interface Credentials {
  readonly creds: AuthenticationCreds;
  readonly keys: SignalKeyStore;
  /** `creds` changed. Resolves when that is on disk; until a phone has agreed, nothing is written. */
  save(): Promise<void>;
}

/** The credentials of an account on disk. Throws `logged-out` when it is not linked, or both copies cannot be read. */
export async function loadCredentials(
  library: Library,
  files: CredentialFiles,
  restored: (why: string) => void,
): Promise<Credentials> {
  const { text, backup } = await files.credentials();
  if (text === undefined) {
    throw new ChannelError("logged-out", "not linked to a phone; run `openclaw channels login --channel whatsapp`", {
      fix: LOGIN_FIX,
    });
  }
  const creds = parseCredentials(library, text);
  if (creds) return stored(library, files, creds);
  const older = backup === undefined ? undefined : parseCredentials(library, backup);
  if (!older) {
    throw new ChannelError(
      "logged-out",
      `the credentials in ${files.directory} cannot be read, nor can their copy; link the account again with \`openclaw channels login\``,
      { fix: LOGIN_FIX },
    );
  }
  restored(`creds.json in ${files.directory} could not be read; the copy made after the last good save is used`);
  const credentials = stored(library, files, older);
  await credentials.save();
  return credentials;
}

/**
 * New credentials, in memory until a phone has agreed to them. Then they replace what the folder holds; `takeOver` is
 * waited for before.
 */
export function newCredentials(library: Library, files: CredentialFiles, takeOver: () => Promise<void>): Credentials {
  const creds = library.initAuthCreds();
  const onDisk = keyStore(library, files);
  const early = new Map<string, unknown>();
  let replacing: Promise<void> | undefined;
  const replace = async () => {
    await takeOver();
    await files.clear();
    for (const [key, value] of early) {
      const [type = "", id = ""] = key.split(/:(.*)/s);
      await files.writeKey(type, id, serialized(library, value));
    }
  };
  return {
    creds,
    keys: {
      async get(type, ids) {
        if (replacing) return onDisk.get(type, ids);
        const found = ids.flatMap((id) => (early.has(`${type}:${id}`) ? [[id, early.get(`${type}:${id}`)]] : []));
        return Object.fromEntries(found);
      },
      async set(data) {
        if (replacing) return onDisk.set(data);
        for (const [type, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values ?? {})) early.set(`${type}:${id}`, value);
        }
      },
    },
    async save() {
      if (!isLinked(creds)) return;
      await (replacing ??= replace());
      await files.saveCredentials(serialized(library, creds));
    },
  };
}

/** Did a phone sign for them? An address alone is only somebody's wish to be linked. */
export function isLinked(creds: AuthenticationCreds): boolean {
  return creds.me?.id !== undefined && creds.account !== undefined;
}

function stored(library: Library, files: CredentialFiles, creds: AuthenticationCreds): Credentials {
  return {
    creds,
    keys: keyStore(library, files),
    save: () => files.saveCredentials(serialized(library, creds)),
  };
}

function keyStore(library: Library, files: CredentialFiles): SignalKeyStore {
  return {
    async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found: Record<string, SignalDataTypeMap[T]> = {};
      for (const id of ids) {
        const value = parsed<SignalDataTypeMap[T]>(library, await files.readKey(type, id));
        if (value !== undefined) found[id] = restoredValue(library, type, value);
      }
      return found;
    },
    async set(data) {
      const writes = Object.entries(data).flatMap(([type, values]) =>
        Object.entries(values ?? {}).map(([id, value]) => ({ type, id, value: value as unknown })),
      );
      for (let from = 0; from < writes.length; from += WRITES_AT_ONCE) {
        await Promise.all(
          writes
            .slice(from, from + WRITES_AT_ONCE)
            .map(({ type, id, value }) =>
              value === null || value === undefined
                ? files.removeKey(type, id)
                : files.writeKey(type, id, serialized(library, value)),
            ),
        );
      }
    },
  };
}

/** One kind of value is an object of the library's, with methods. */
function restoredValue<T extends keyof SignalDataTypeMap>(
  library: Library,
  type: T,
  value: SignalDataTypeMap[T],
): SignalDataTypeMap[T] {
  if (type !== "app-state-sync-key") return value;
  // The kind is checked above: this is the one that T is then.
  return library.proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[T];
}

function serialized({ BufferJSON }: Library, value: unknown): string {
  return JSON.stringify(value, BufferJSON.replacer);
}

/** A key file that cannot be read is a key that is not there: the peers make a new one with us. */
function parsed<T>({ BufferJSON }: Library, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text, BufferJSON.reviver) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function parseCredentials(library: Library, text: string): AuthenticationCreds | undefined {
  const creds = parsed<Partial<AuthenticationCreds>>(library, text);
  const isWhole =
    typeof creds === "object" &&
    creds.noiseKey?.private !== undefined &&
    creds.signedIdentityKey?.private !== undefined &&
    creds.signedPreKey?.signature !== undefined &&
    typeof creds.registrationId === "number" &&
    isLinked(creds as AuthenticationCreds);
  return isWhole ? (creds as AuthenticationCreds) : undefined;
}
