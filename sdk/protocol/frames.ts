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

const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const Name = Type.String({ minLength: 1, maxLength: 256 });
const Names = Type.Array(Name, { maxItems: 512 });
const Secret = Type.String({ maxLength: 4_096 });

/** What a stranger may say is bounded field by field: the gateway keeps and repeats much of it (security.md S-17). */
export const ConnectParams = closed({
  minProtocol: Version,
  maxProtocol: Version,
  client: closed({
    id: oneOf(CLIENT_IDS),
    displayName: Type.Optional(Name),
    version: Name,
    platform: Name,
    deviceFamily: Type.Optional(Name),
    modelIdentifier: Type.Optional(Name),
    mode: oneOf(CLIENT_MODES),
    instanceId: Type.Optional(Name),
  }),
  caps: Type.Optional(Names),
  commands: Type.Optional(Names),
  permissions: Type.Optional(Type.Record(Type.String(), Type.Boolean(), { maxProperties: 512 })),
  pathEnv: Type.Optional(Type.String({ maxLength: 32_768 })),
  role: Type.Optional(Name),
  scopes: Type.Optional(Type.Array(Name, { maxItems: 64 })),
  device: Type.Optional(
    closed({
      id: Name,
      publicKey: Type.String({ minLength: 1, maxLength: 2_048 }),
      signature: Type.String({ minLength: 1, maxLength: 1_024 }),
      signedAt: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      nonce: Type.Optional(Name),
    }),
  ),
  auth: Type.Optional(closed({ token: Type.Optional(Secret), password: Type.Optional(Secret) })),
  locale: Type.Optional(Type.String({ maxLength: 256 })),
  userAgent: Type.Optional(Type.String({ maxLength: 1_024 })),
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
  /** Lets this client read the canvas below `/__openclaw__/cap/<token>/` until then. Ours; others ignore it. */
  readonly canvasCapability?: { readonly token: string; readonly expiresAtMs: number };
  /** Only for a client with a device; the gateway keeps no copy of the token that can be read. */
  readonly auth?: {
    readonly deviceToken: string;
    readonly role: string;
    readonly scopes: readonly string[];
    readonly issuedAtMs?: number;
  };
  readonly policy: {
    readonly maxPayload: number;
    readonly maxBufferedBytes: number;
    readonly tickIntervalMs: number;
  };
}
