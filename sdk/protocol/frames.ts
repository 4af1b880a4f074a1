import { Type } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { closed, NonEmptyString, oneOf } from "../schema.ts";

/** Frames are closed: established clients drop a frame with an unknown top-level key (protocol.md §2). */
export const RequestFrame = closed({
  type: Type.Literal("req"),
  id: Type.Union([NonEmptyString, Type.Number()]),
  method: NonEmptyString,
  params: Type.Optional(Type.Unknown()),
});

export const ErrorFrame = closed({
  code: NonEmptyString,
  message: Type.String(),
  details: Type.Optional(Type.Unknown()),
  retryable: Type.Optional(Type.Boolean()),
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
});

export const ResponseFrame = closed({
  type: Type.Literal("res"),
  id: Type.Union([NonEmptyString, Type.Number()]),
  ok: Type.Boolean(),
  payload: Type.Optional(Type.Unknown()),
  error: Type.Optional(ErrorFrame),
});

export const StateVersion = closed({
  presence: Type.Integer({ minimum: 0 }),
  health: Type.Integer({ minimum: 0 }),
});

export const EventFrame = closed({
  type: Type.Literal("event"),
  event: NonEmptyString,
  payload: Type.Optional(Type.Unknown()),
  seq: Type.Optional(Type.Integer({ minimum: 0 })),
  stateVersion: Type.Optional(StateVersion),
});

/** Client programs the gateway knows (protocol.md §3.1). */
export const CLIENT_IDS = [
  "webchat-ui",
  "openclaw-control-ui",
  "webchat",
  "cli",
  "gateway-client",
  "openclaw-macos",
  "openclaw-ios",
  "openclaw-android",
  "node-host",
  "test",
  "fingerprint",
  "openclaw-probe",
] as const;

export const CLIENT_MODES = ["webchat", "cli", "ui", "backend", "node", "probe", "test"] as const;

export const ConnectParams = closed({
  minProtocol: Type.Integer({ minimum: 1 }),
  maxProtocol: Type.Integer({ minimum: 1 }),
  client: closed({
    id: oneOf(CLIENT_IDS),
    displayName: Type.Optional(NonEmptyString),
    version: NonEmptyString,
    platform: NonEmptyString,
    deviceFamily: Type.Optional(NonEmptyString),
    modelIdentifier: Type.Optional(NonEmptyString),
    mode: oneOf(CLIENT_MODES),
    instanceId: Type.Optional(NonEmptyString),
  }),
  caps: Type.Optional(Type.Array(NonEmptyString)),
  commands: Type.Optional(Type.Array(NonEmptyString)),
  permissions: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  pathEnv: Type.Optional(Type.String()),
  role: Type.Optional(NonEmptyString),
  scopes: Type.Optional(Type.Array(NonEmptyString)),
  device: Type.Optional(
    closed({
      id: NonEmptyString,
      publicKey: NonEmptyString,
      signature: NonEmptyString,
      signedAt: Type.Integer({ minimum: 0 }),
      nonce: Type.Optional(NonEmptyString),
    }),
  ),
  auth: Type.Optional(closed({ token: Type.Optional(Type.String()), password: Type.Optional(Type.String()) })),
  locale: Type.Optional(Type.String()),
  userAgent: Type.Optional(Type.String()),
});

export type RequestFrame = Static<typeof RequestFrame>;
export type ResponseFrame = Static<typeof ResponseFrame>;
export type EventFrame = Static<typeof EventFrame>;
export type StateVersion = Static<typeof StateVersion>;
export type ConnectParams = Static<typeof ConnectParams>;

/** Payload of the answer to `connect` (protocol.md §5). Clients decode it strictly. */
export interface HelloOk {
  readonly type: "hello-ok";
  readonly protocol: number;
  readonly server: { readonly version: string; readonly host?: string; readonly connId: string };
  readonly features: { readonly methods: readonly string[]; readonly events: readonly string[] };
  readonly snapshot: {
    readonly presence: readonly object[];
    readonly health: object;
    readonly stateVersion: StateVersion;
    readonly uptimeMs: number;
    readonly configPath?: string;
    readonly stateDir?: string;
    readonly sessionDefaults?: object;
  };
  readonly canvasHostUrl?: string;
  readonly auth?: { readonly deviceToken: string; readonly role: string; readonly scopes: readonly string[] };
  readonly policy: {
    readonly maxPayload: number;
    readonly maxBufferedBytes: number;
    readonly tickIntervalMs: number;
  };
}
