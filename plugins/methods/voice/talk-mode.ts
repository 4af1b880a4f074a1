import { closed, Gateway, GatewayError, Type } from "openclaw/plugin-sdk";
import type { Client, PluginGateway } from "openclaw/plugin-sdk";
import { TalkModeShape } from "./shape.ts";

interface TalkMode {
  readonly enabled: boolean;
  readonly phase: string | null;
  readonly ts: number;
}

/** Phones show what the one that listens is doing (protocol.md §9.12). */
export function registerTalkMode(gateway: PluginGateway): void {
  const kernel = gateway.use(Gateway);
  const emit = gateway.event<TalkMode>("talk.mode", { droppable: true, payload: TalkModeShape });

  gateway.method({
    name: "talk.mode",
    scope: "operator.write",
    params: closed({ enabled: Type.Boolean(), phase: Type.Optional(Type.String({ maxLength: 200 })) }),
    result: TalkModeShape,
    handle({ enabled, phase }, { client }): TalkMode {
      if (client.connect.client.mode === "webchat" && !kernel.clients().some(isPhone))
        throw new GatewayError("UNAVAILABLE", "talk disabled: no connected iOS/Android nodes");
      const mode = { enabled, phase: phase ?? null, ts: Date.now() };
      emit(mode);
      return mode;
    },
  });
}

function isPhone({ role, connect }: Client): boolean {
  return role === "node" && /^(ios|ipados|android)/i.test(connect.client.platform);
}
