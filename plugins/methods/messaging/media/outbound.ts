import { constants } from "node:fs";
import { open, realpath, rm, stat } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { errorText, GatewayError, isOpenedAt, Workspace } from "openclaw/plugin-sdk";
import type {
  ChannelAccount,
  ChannelDef,
  OutboxEntry,
  OutgoingMedia,
  PluginGateway,
  ReplyPayload,
  WorkspaceApi,
} from "openclaw/plugin-sdk";
import { guardedFetch } from "openclaw/plugin-sdk/net";
import { isSandboxed, sandboxRoot, sandboxSettings, workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentIds } from "./files-of.ts";
import type { FilesOf } from "./files-of.ts";
import { MB } from "./kind.ts";
import { TooLarge } from "./store.ts";
import type { Incoming, MediaStore } from "./store.ts";

const DEFAULT_MB = 5;
const LONGEST_PATH = 4_096;
/** Of an entry; what is more is not looked at. */
const MAX_FILES = 10;

/** Files are on disk, or this is why not. */
export type Staged =
  | { readonly media: readonly OutgoingMedia[] }
  | { readonly reason: string; readonly retryable: boolean };

/**
 * What goes out with messages, as files of our own: fetched once from addresses under guard, or copied from the agent's
 * workspace or the media store, and nowhere else (security.md S-29, S-32). They go when their entry is at an end.
 */
export class Outbound {
  readonly #gateway: PluginGateway;
  readonly #store: MediaStore;
  readonly #workspace: WorkspaceApi;

  constructor(gateway: PluginGateway, store: MediaStore) {
    this.#gateway = gateway;
    this.#store = store;
    this.#workspace = gateway.use(Workspace);
  }

  /**
   * The payload with whole paths for files. Throws `INVALID_REQUEST` for one that is not the agent's to send; without an
   * agent any agent's workspace will do.
   */
  async located(payload: ReplyPayload, owner?: FilesOf): Promise<ReplyPayload> {
    const { mediaUrl: _one, mediaUrls: _all, ...rest } = payload;
    const sources = mediaOf(payload);
    if (sources.length === 0) return payload;
    const located = await Promise.all(sources.map((one) => (isAddress(one) ? one : this.#allowed(one, owner))));
    const [first] = located;
    return located.length === 1 && first !== undefined ? { ...rest, mediaUrl: first } : { ...rest, mediaUrls: located };
  }

  /** Brings the files of an entry to disk, if they are not there yet. */
  async stage(
    entry: OutboxEntry,
    definition: ChannelDef,
    account: ChannelAccount,
    signal: AbortSignal,
  ): Promise<Staged> {
    const known = entry.media ?? [];
    if (known.length > 0 && (await Promise.all(known.map(({ path }) => isFile(path)))).every(Boolean)) {
      return { media: known };
    }
    const limit = limitOf(definition, account, this.#gateway);
    const media: OutgoingMedia[] = [];
    for (const [index, source] of mediaOf(entry.payload).slice(0, MAX_FILES).entries()) {
      try {
        media.push(await this.#staged(source, `${entry.id} ${index}`, limit, signal));
      } catch (error) {
        const isLarge = error instanceof TooLarge;
        const why = isLarge ? `it is larger than ${limit / MB} MB, the limit of ${account.accountId}` : reasonOf(error);
        const retryable = error instanceof GatewayError && error.code === "UNAVAILABLE";
        return { reason: `${nameOf(source)} cannot be sent: ${why}`, retryable };
      }
    }
    return { media };
  }

  /** The entry is at an end. */
  async clean({ media = [] }: OutboxEntry): Promise<void> {
    await Promise.all(media.map(({ path }) => rm(path, { force: true }).catch(() => undefined)));
  }

  async #staged(source: string, identity: string, limit: number, signal: AbortSignal): Promise<OutgoingMedia> {
    const common = { identity, limit, isCeiled: false, signal };
    const fileName = nameOf(source);
    if (isAddress(source)) {
      const allowHosts = this.#gateway.settings.get<readonly string[]>("messages.media.dangerouslyAllowHosts") ?? [];
      const asked = await guardedFetch(source, { maxBytes: limit, signal, allowHosts });
      const { status, body, contentType, isCut } = asked;
      if (status !== 200) throw answered(source, status);
      if (isCut) throw new TooLarge(limit);
      return this.#save({ ...common, body: one(body), contentType, fileName });
    }
    // Asked once more: the file may be another one by now.
    const path = await this.#allowed(source, undefined);
    // The path is a whole one since it was allowed to its owner. A link that came since leads to what was not.
    if (isAbsolute(source) && path !== source) throw refused(`${fileName} has become a link to another file`);
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const facts = await file.stat();
      if (!facts.isFile() || !(await isOpenedAt(file, path))) throw refused(`${fileName} is no file`);
      if (facts.size > limit) throw new TooLarge(limit);
      return await this.#save({ ...common, body: file.createReadStream({ autoClose: false }), fileName });
    } finally {
      await file.close();
    }
  }

  async #save(incoming: Incoming): Promise<OutgoingMedia> {
    const saved = await this.#store.save("outbound", incoming);
    return { ...saved, fileName: incoming.fileName ?? basename(saved.path) };
  }

  /** The real path of a file that may be sent. Links are followed before that is decided (security.md S-28). */
  async #allowed(given: string, owner: FilesOf | undefined): Promise<string> {
    const { settings, paths } = this.#gateway;
    const rules = { settings, stateDir: paths.stateDir };
    const ids = owner === undefined ? agentIds(settings) : [owner.agentId];
    const workspaces = ids.map((id) => workspaceOf(id, rules));
    const plain = given.startsWith("file:") ? pathOf(given) : given;
    if (plain.includes("\0") || plain.length > LONGEST_PATH) throw refused("the path of the file is no path");
    if (owner && isSandboxed(settings, owner))
      return existing(await this.#workspace.resolve(owner, plain, "read"), given);
    const boxes = owner
      ? []
      : ids.map((id) => sandboxSettings(settings, id).workspaceRoot).map((root) => sandboxRoot(root, paths.stateDir));
    const path = isAbsolute(plain) ? plain : resolve(workspaces[0] ?? paths.stateDir, plain);
    const real = await existing(path, given);
    for (const folder of [...workspaces, this.#store.root, ...boxes]) {
      const root = await realpath(folder).catch(() => undefined);
      if (root !== undefined && isInside(root, real) && !this.#isOurs(real, root)) return real;
    }
    throw refused(`${given} is neither in the workspace nor in the media store; only files from there are sent`);
  }

  /** A workspace around the state directory does not open it. */
  #isOurs(real: string, root: string): boolean {
    const { stateDir } = this.#gateway.paths;
    return isInside(stateDir, real) && isInside(root, stateDir);
  }
}

/** What a payload asks to be sent along. */
export function mediaOf({ mediaUrl, mediaUrls }: ReplyPayload): readonly string[] {
  return mediaUrls?.length ? mediaUrls : mediaUrl === undefined || mediaUrl === "" ? [] : [mediaUrl];
}

/** The payload without what could not be sent along, and with a line that says so. */
export function withoutMedia({ mediaUrl: _one, mediaUrls: _all, ...rest }: ReplyPayload, reason: string): ReplyPayload {
  return { ...rest, text: [rest.text, `[${reason}]`].filter((part) => part !== "").join("\n\n") };
}

/** For people: what the gateway says itself is said without the name of its class. */
export function reasonOf(error: unknown): string {
  return error instanceof GatewayError ? error.message : errorText(error);
}

/** The name that people see. */
export function nameOf(source: string): string {
  const path = isAddress(source) ? new URL(source).pathname : source;
  const name = basename(path);
  return name === "" || name === "/" ? "file" : decoded(name);
}

/** The real path of a file that is there. */
async function existing(path: string, given: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    throw new GatewayError("INVALID_REQUEST", `there is no file ${given}`, { cause });
  });
}

function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source) && URL.canParse(source);
}

function limitOf({ limits }: ChannelDef, { config }: ChannelAccount, { settings }: PluginGateway): number {
  const own = config["mediaMaxMb"];
  const mb =
    typeof own === "number" && own > 0
      ? own
      : (settings.get<number>("agents.defaults.mediaMaxMb") ??
        limits?.mediaOutMaxMb ??
        limits?.mediaMaxMb ??
        DEFAULT_MB);
  return Math.floor(mb * MB);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new GatewayError("INVALID_REQUEST", `${url.slice(0, 200)} is no file of this machine`, { cause });
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/** An answer that may be another one later, and one that will not. */
function answered(source: string, status: number): GatewayError {
  const isPassing = status === 408 || status === 429 || status >= 500;
  return new GatewayError(isPassing ? "UNAVAILABLE" : "INVALID_REQUEST", `${new URL(source).host} answered ${status}`);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // No encoded name: as it is.
    return name;
  }
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
