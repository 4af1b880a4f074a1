import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { GatewayError, rawPublicKey } from "openclaw/plugin-sdk";
import type { HttpCaller } from "openclaw/plugin-sdk";
import { readEntries, writeEntries } from "./device-file.ts";
import { Pending } from "./pending.ts";
import type { Profile } from "./pending.ts";
import { DeviceRecord, RequestRecord, rolesOf, without } from "./record.ts";
import type { TokenRecord } from "./record.ts";
import { Saver } from "./saver.ts";
import { clearToken, isTokenLike, issuedAtMs, mintToken, opens, tokenHash } from "./token.ts";

const MAX_PAIRED = 1_000;

/** Why a device that can prove its key is not let in as it asks (protocol.md §6). */
export type Gap = "not-paired" | "role-upgrade" | "scope-upgrade";

/** A token with what only its holder has. */
export interface Issued {
  readonly token: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly issuedAtMs: number;
  /** Made by this very call. */
  readonly isNew: boolean;
}

/**
 * Which devices are paired, which wait, and what each may log in with. Memory is the truth and changes in one step;
 * the files follow. Only hashes of tokens are written; this process remembers those that it made or was shown.
 */
export class Registry {
  readonly pending: Pending;
  readonly #paired: Map<string, DeviceRecord>;
  readonly #clear = new Map<string, string>();
  readonly #dirty = new Set<"paired" | "pending">();
  readonly #savers: Readonly<Record<"paired" | "pending", Saver>>;
  /** What was wrong with the files. */
  readonly problems: readonly string[];

  constructor(stateDir: string) {
    const path = (name: string) => join(stateDir, "devices", `${name}.json`);
    const paired = readEntries<DeviceRecord>(path("paired"), DeviceRecord);
    const waiting = readEntries<RequestRecord>(path("pending"), RequestRecord);
    this.problems = [paired.problem, waiting.problem].filter((text) => text !== undefined);
    this.#paired = paired.entries;
    this.pending = new Pending(new Map([...waiting.entries].toSorted(([, a], [, b]) => a.ts - b.ts)));
    this.#hashClearTokens();
    this.#savers = {
      paired: new Saver(() => this.#write("paired", path("paired"), this.#paired, paired.strange)),
      pending: new Saver(() => this.#write("pending", path("pending"), this.pending.all, waiting.strange)),
    };
  }

  /** Newest approval first. */
  list(): DeviceRecord[] {
    return [...this.#paired.values()].toSorted((a, b) => b.approvedAtMs - a.approvedAtMs);
  }

  get(deviceId: string): DeviceRecord | undefined {
    return this.#paired.get(deviceId);
  }

  gap({ deviceId, publicKey, role = "operator", scopes = [] }: Profile): Gap | undefined {
    const device = this.#paired.get(deviceId);
    if (!device || !rawPublicKey(device.publicKey)?.equals(rawPublicKey(publicKey) ?? Buffer.alloc(0)))
      return "not-paired";
    if (!rolesOf(device).includes(role)) return "role-upgrade";
    return without(scopes, device.scopes ?? []).length > 0 ? "scope-upgrade" : undefined;
  }

  ask(profile: Profile, now: number): { readonly request: RequestRecord; readonly isNew: boolean } {
    const asked = this.pending.ask(profile, this.#paired.has(profile.deviceId), now);
    if (asked.isNew) this.#dirty.add("pending");
    return asked;
  }

  /** Let in what a waiting request asks for. */
  approve(request: RequestRecord, now: number): DeviceRecord {
    const device = this.#pair(request, now, false);
    this.pending.take(request.requestId);
    this.#dirty.add("pending");
    return device;
  }

  reject({ requestId }: RequestRecord): void {
    this.pending.take(requestId);
    this.#dirty.add("pending");
  }

  /** Pair without asking anybody. Answers a waiting request of the device that is met by it; returns the id. */
  pairSilently(profile: Profile, now: number): string {
    this.#pair(profile, now, true);
    const waiting = this.pending.ofDevice(profile.deviceId, now);
    if (!waiting || this.gap(waiting)) return randomUUID();
    this.reject(waiting);
    return waiting.requestId;
  }

  /** The token of an admitted device: the one it has, or a new one when that is gone or does not cover `scopes`. */
  issue(deviceId: string, role: string, scopes: readonly string[], now: number): Issued {
    const device = this.#require(deviceId, role);
    const known = device.tokens[role];
    const live = known?.revokedAtMs === undefined ? known : undefined;
    const clear = this.#clear.get(keyOf(deviceId, role));
    if (live && clear !== undefined && without(scopes, live.scopes).length === 0) return issued(live, clear, false);
    return this.#mint(device, role, [...(live?.scopes ?? []), ...scopes], now);
  }

  /** The token if this device may log in with it in this role and with these scopes, each of them literally its own. */
  admit(profile: Profile, token: string, now: number): Issued | undefined {
    const { deviceId, role = "operator", scopes = [] } = profile;
    const record = this.#paired.get(deviceId)?.tokens[role];
    if (!record || !opens(record, token) || without(scopes, record.scopes).length > 0) return undefined;
    if (this.gap(profile)) return undefined;
    this.#clear.set(keyOf(deviceId, role), token);
    this.#putToken(deviceId, { ...record, lastUsedAtMs: now });
    return issued(record, token, false);
  }

  /** A new token; the old one opens nothing any more. `scopes` narrow what the device may have. */
  rotate(deviceId: string, role: string, scopes: readonly string[], now: number): Issued {
    const device = this.#require(deviceId, role);
    const narrowed = role === "operator" ? { ...device, scopes: [...scopes] } : device;
    return this.#mint(narrowed, role, scopes, now);
  }

  revoke(deviceId: string, role: string, now: number): void {
    const record = this.#require(deviceId, role).tokens[role];
    if (!record) throw unknownToken();
    this.#clear.delete(keyOf(deviceId, role));
    this.#putToken(deviceId, { ...record, revokedAtMs: now });
  }

  /** Is this what the device would log in with now? */
  isCurrent(deviceId: string, role: string, token: string): boolean {
    const record = this.#paired.get(deviceId)?.tokens[role];
    return record !== undefined && opens(record, token);
  }

  /** The operator whose token this is. */
  bearer(token: string): HttpCaller | undefined {
    if (!isTokenLike(token)) return undefined;
    for (const [id, { tokens }] of this.#paired) {
      const record = tokens["operator"];
      if (record && opens(record, token)) return { kind: "device", id, scopes: record.scopes };
    }
    return undefined;
  }

  /** Note what an admitted device says of itself. */
  seen({ deviceId, publicKey: _key, role, roles: _roles, scopes: _scopes, ...profile }: Profile, now: number): void {
    const device = this.#paired.get(deviceId);
    if (!device) return;
    this.#paired.set(deviceId, { ...device, ...profile, ...(role !== undefined && { role }), lastSeenAtMs: now });
    this.#dirty.add("paired");
  }

  /** Resolves when everything that has changed so far is on disk. */
  async save(): Promise<void> {
    await Promise.all(
      (["paired", "pending"] as const).map((name) =>
        this.#dirty.has(name) ? this.#savers[name].save() : this.#savers[name].idle,
      ),
    );
  }

  #pair(profile: Profile, now: number, silent: boolean): DeviceRecord {
    const { deviceId, role = "operator", scopes = [] } = profile;
    const known = this.gap(profile) === "not-paired" ? undefined : this.#paired.get(deviceId);
    if (!known) this.#makeRoom();
    const { silent: _, ...kept } = known ?? { createdAtMs: now, tokens: {} };
    const { requestId: _id, ts: _ts, isRepair: _repair, ...said } = profile as Partial<RequestRecord> & Profile;
    const device: DeviceRecord = {
      ...kept,
      ...said,
      role,
      roles: [...new Set([...(known ? rolesOf(known) : []), role])],
      scopes: [...new Set([...(known?.scopes ?? []), ...scopes])],
      approvedAtMs: now,
      ...(silent && (known?.silent ?? true) && { silent }),
    };
    if (!silent) delete device.silent;
    this.#paired.set(deviceId, device);
    this.issue(deviceId, role, scopes, now);
    return this.#paired.get(deviceId) as DeviceRecord;
  }

  /** Whoever was never approved by a person, or holds nothing any more, goes first: it can pair again. */
  #makeRoom(): void {
    if (this.#paired.size < MAX_PAIRED) return;
    const seenAtMs = ({ lastSeenAtMs, approvedAtMs }: DeviceRecord) => lastSeenAtMs ?? approvedAtMs;
    const [leaving] = [...this.#paired.values()]
      .filter(({ silent, tokens }) => silent || Object.values(tokens).every(({ revokedAtMs }) => revokedAtMs))
      .toSorted((a, b) => seenAtMs(a) - seenAtMs(b));
    if (!leaving) {
      const text = `${MAX_PAIRED} devices are paired; revoke the tokens of one that is not used any more`;
      throw new GatewayError("INVALID_REQUEST", text, { details: { code: "CONFLICT", reason: "too_many_devices" } });
    }
    this.#paired.delete(leaving.deviceId);
    for (const role of Object.keys(leaving.tokens)) this.#clear.delete(keyOf(leaving.deviceId, role));
  }

  #mint(device: DeviceRecord, role: string, scopes: readonly string[], now: number): Issued {
    const { deviceId, tokens } = device;
    const known = tokens[role];
    const token = mintToken();
    const record: TokenRecord = {
      token: tokenHash(token),
      role,
      scopes: [...new Set(scopes)].toSorted(),
      createdAtMs: known?.createdAtMs ?? now,
      ...(known && { rotatedAtMs: now }),
      ...(known?.lastUsedAtMs !== undefined && { lastUsedAtMs: known.lastUsedAtMs }),
    };
    this.#paired.set(deviceId, device);
    this.#clear.set(keyOf(deviceId, role), token);
    this.#putToken(deviceId, record);
    return issued(record, token, true);
  }

  #putToken(deviceId: string, record: TokenRecord): void {
    const device = this.#paired.get(deviceId) as DeviceRecord;
    this.#paired.set(deviceId, { ...device, tokens: { ...device.tokens, [record.role]: record } });
    this.#dirty.add("paired");
  }

  #require(deviceId: string, role: string): DeviceRecord {
    const device = this.#paired.get(deviceId);
    if (!device || !rolesOf(device).includes(role)) throw unknownToken();
    return device;
  }

  /** Files of the established product hold tokens as they are. */
  #hashClearTokens(): void {
    for (const { deviceId, tokens } of this.#paired.values()) {
      for (const record of Object.values(tokens)) {
        const clear = clearToken(record);
        if (clear === undefined) continue;
        this.#clear.set(keyOf(deviceId, record.role), clear);
        this.#putToken(deviceId, { ...record, token: tokenHash(clear) });
      }
    }
  }

  async #write(
    name: "paired" | "pending",
    path: string,
    entries: ReadonlyMap<string, unknown>,
    strange: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    this.#dirty.delete(name);
    try {
      await writeEntries(path, entries, strange);
    } catch (cause) {
      this.#dirty.add(name);
      const text = `cannot write devices/${name}.json: ${(cause as Error).message}`;
      throw new GatewayError("UNAVAILABLE", text, { details: { code: "INTERNAL_ERROR" }, cause });
    }
  }
}

function issued(record: TokenRecord, token: string, isNew: boolean): Issued {
  const { role, scopes } = record;
  return { token, role, scopes: scopes.toSorted(), issuedAtMs: issuedAtMs(record), isNew };
}

function keyOf(deviceId: string, role: string): string {
  return `${deviceId} ${role}`;
}

function unknownToken(): GatewayError {
  return new GatewayError("INVALID_REQUEST", "unknown deviceId/role", { details: { code: "NOT_FOUND" } });
}
