import { randomUUID } from "node:crypto";
import type { RequestRecord } from "./record.ts";

const TTL_MS = 300_000;
/** security.md S-10, reliability.md §9. */
const MAX_PER_SENDER = 3;
const MAX_TOTAL = 100;

export type Profile = Omit<RequestRecord, "requestId" | "silent" | "isRepair" | "ts">;

/**
 * Devices that wait for an answer, one request each. What somebody may already have read is never changed under
 * the same id: a device that wants something else asks again after the answer.
 */
export class Pending {
  readonly #requests: Map<string, RequestRecord>;

  constructor(requests: Map<string, RequestRecord>) {
    this.#requests = requests;
  }

  get all(): ReadonlyMap<string, RequestRecord> {
    return this.#requests;
  }

  /** Newest first. */
  list(now: number): RequestRecord[] {
    this.#expire(now);
    return [...this.#requests.values()].toReversed();
  }

  get(requestId: string, now: number): RequestRecord | undefined {
    this.#expire(now);
    return this.#requests.get(requestId);
  }

  ofDevice(deviceId: string, now: number): RequestRecord | undefined {
    this.#expire(now);
    return [...this.#requests.values()].find((request) => request.deviceId === deviceId);
  }

  /** The request of this device, made when there is none. The oldest of too many is forgotten. */
  ask(profile: Profile, isRepair: boolean, now: number): { readonly request: RequestRecord; readonly isNew: boolean } {
    const known = this.ofDevice(profile.deviceId, now);
    if (known) return { request: known, isNew: false };
    const sameSender = [...this.#requests.values()].filter(({ remoteIp }) => remoteIp === profile.remoteIp);
    if (sameSender.length >= MAX_PER_SENDER) this.take(sameSender[0]?.requestId as string);
    else if (this.#requests.size >= MAX_TOTAL) this.take(this.#requests.keys().next().value as string);
    const request = { requestId: randomUUID(), ...profile, silent: false, isRepair, ts: now };
    this.#requests.set(request.requestId, request);
    return { request, isNew: true };
  }

  /** Answered, one way or the other. */
  take(requestId: string): void {
    this.#requests.delete(requestId);
  }

  /** Requests stand in the order of their time. */
  #expire(now: number): void {
    for (const { requestId, ts } of this.#requests.values()) {
      if (now - ts <= TTL_MS && ts <= now) return;
      this.take(requestId);
    }
  }
}
