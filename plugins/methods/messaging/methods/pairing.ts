import { closed, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import type { Channels } from "../channels.ts";
import type { Outbox } from "../outbox.ts";
import { APPROVED_TEXT } from "../pairing.ts";
import type { PairingPlace, PairingRequest, PairingStore } from "../pairing-store.ts";
import { WrongCodes } from "../wrong-codes.ts";
import { PairedShape, PairingListShape } from "./shape.ts";

export interface PairingParts {
  readonly store: PairingStore;
  readonly channels: Channels;
  readonly outbox: Outbox;
}

/** `pairing.list` and `pairing.approve` (channels.md §1.4). */
export function registerPairing(gateway: PluginGateway, { store, channels, outbox }: PairingParts): void {
  const wrong = new WrongCodes();

  gateway.method({
    name: "pairing.list",
    scope: "operator.pairing",
    effect: "read",
    params: closed({ channel: Type.Optional(NonEmptyString), accountId: Type.Optional(NonEmptyString) }),
    result: PairingListShape,
    async handle({ channel, accountId }) {
      const ids = channel === undefined ? channels.list().map(({ id }) => id) : [channel];
      const listed = await Promise.all(
        ids.map(async (id) => ({ channel: id, requests: await requestsOf(id, accountId) })),
      );
      if (channel !== undefined) return listed[0];
      return { channels: listed.filter(({ requests }) => requests.length > 0) };
    },
  });

  gateway.method({
    name: "pairing.approve",
    scope: "operator.pairing",
    params: closed({
      channel: Type.Optional(NonEmptyString),
      code: NonEmptyString,
      accountId: Type.Optional(NonEmptyString),
      notify: Type.Optional(Type.Boolean()),
    }),
    result: PairedShape,
    async handle({ channel, code, accountId, notify }, { client }) {
      const caller = client.deviceId ?? client.remoteIp ?? "local";
      wrong.check(caller);
      // Before anything is waited for: many guesses at the same moment are many guesses.
      const take = wrong.count(caller);
      const places = await placesFor(channel, accountId);
      for (const place of places) {
        const request = await store.approve(place, code);
        if (!request) continue;
        take();
        if (notify) await tell(place, request);
        return { ok: true, channel: place.channel, accountId: place.accountId ?? "default", id: request.id };
      }
      throw new GatewayError("INVALID_REQUEST", `no pending pairing request has the code ${code.slice(0, 16)}`, {
        details: { code: "NOT_FOUND" },
      });
    },
  });

  async function placesFor(channel: string | undefined, accountId: string | undefined): Promise<PairingPlace[]> {
    const ids = channel === undefined ? channels.list().map(({ id }) => id) : [channel];
    const places = await Promise.all(
      ids.map(async (id): Promise<PairingPlace[]> => {
        const accounts = accountId === undefined ? await accountsOf(id) : [accountId];
        return accounts.map((one) => ({ channel: id, accountId: one }));
      }),
    );
    return places.flat();
  }

  async function accountsOf(channel: string): Promise<readonly string[]> {
    return [...new Set(["default", ...(channels.has(channel) ? await channels.accountIds(channel) : [])])];
  }

  async function requestsOf(channel: string, accountId: string | undefined): Promise<PairingRequest[]> {
    const accounts = accountId === undefined ? await accountsOf(channel) : [accountId];
    return (await Promise.all(accounts.map((one) => store.list({ channel, accountId: one })))).flat();
  }

  /** A failure to tell does not undo the approval. */
  async function tell({ channel, accountId = "default" }: PairingPlace, { id, code }: PairingRequest): Promise<void> {
    if (!channels.has(channel)) return;
    const address = { channel, accountId, to: id };
    const entries = await outbox.prepare(address, [{ text: APPROVED_TEXT, format: "plain" }], { id: `paired:${code}` });
    await outbox.deliver(entries);
  }
}
