import { closed, IdempotencyKey, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { PluginGateway, ReplyAddress } from "openclaw/plugin-sdk";
import type { Actions } from "../actions.ts";
import type { Channels } from "../channels.ts";
import type { IdempotencyKeys } from "../idempotency.ts";
import { resolveTarget } from "../target.ts";
import { ActedShape } from "./shape.ts";

export interface ActionMethodParts {
  readonly actions: Actions;
  readonly channels: Channels;
  readonly keys: IdempotencyKeys;
}

const Message = {
  to: NonEmptyString,
  channel: NonEmptyString,
  accountId: Type.Optional(Type.String()),
  threadId: Type.Optional(Type.String()),
  /** The network's id. Default: our last message there. */
  messageId: Type.Optional(NonEmptyString),
  idempotencyKey: IdempotencyKey,
};

interface Asked {
  readonly to: string;
  readonly channel: string;
  readonly accountId?: string;
  readonly threadId?: string;
  readonly messageId?: string;
  readonly idempotencyKey: string;
}

/** `message.react`, `message.edit` and `message.delete`: a repeat of a key changes nothing again, also after a restart. */
export function registerActions(gateway: PluginGateway, { actions, channels, keys }: ActionMethodParts): void {
  const act = async (
    method: string,
    { idempotencyKey, ...asked }: Asked,
    effect: (address: ReplyAddress, messageId: string) => Promise<void>,
  ) => {
    const { address } = await resolveTarget(asked, channels, "unsupported channel");
    const { threadId = address.threadId } = asked;
    const place = { ...address, ...(threadId !== undefined && { threadId }) };
    // What was done is written down after it: done twice it is the same, said but not done it would be a lie.
    const { entryId: messageId } = await keys.once(method, idempotencyKey, asked, async () => {
      const id = asked.messageId ?? (await actions.lastOf(place));
      await effect(place, id);
      return { entryId: id, changes: [] };
    });
    return { ok: true as const, channel: place.channel, accountId: place.accountId, to: place.to, messageId };
  };

  gateway.method({
    name: "message.react",
    scope: "operator.write",
    idempotent: true,
    params: closed({ ...Message, emoji: Type.String({ maxLength: 200 }) }),
    result: ActedShape,
    handle: (params) => act("react", params, (place, id) => actions.react(place, id, params.emoji)),
  });
  gateway.method({
    name: "message.edit",
    scope: "operator.write",
    idempotent: true,
    params: closed({ ...Message, message: NonEmptyString }),
    result: ActedShape,
    handle: (params) => act("edit", params, (place, id) => actions.edit(place, id, params.message)),
  });
  gateway.method({
    name: "message.delete",
    scope: "operator.write",
    idempotent: true,
    params: closed(Message),
    result: ActedShape,
    handle: (params) => act("delete", params, (place, id) => actions.remove(place, id)),
  });
}
