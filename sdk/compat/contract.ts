import type { IncomingMessage, ServerResponse } from "node:http";
import type { EstablishedChannel } from "./channel-contract.ts";
import type { CommandBuilder } from "./command-builder.ts";
import type { EstablishedHooks } from "./hook-contract.ts";
import type { PluginRuntime } from "./runtime-contract.ts";

/**
 * The object an established plugin is handed: `export default function register(api) { … }`. All members are own
 * properties and work when destructured.
 */
export interface OpenClawPluginApi {
  readonly id: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  /** Absolute path of the entry file. */
  readonly source: string;
  /** The whole configuration at load time; a copy. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the user wrote under `plugins.entries.<id>.config`, without defaults of the schema. */
  readonly pluginConfig: Readonly<Record<string, unknown>> | undefined;
  readonly logger: PluginLogger;
  readonly runtime: PluginRuntime;
  readonly registrationMode: "full";
  readonly resolvePath: (input: string) => string;
  readonly registerTool: (tool: PluginTool | PluginToolFactory, options?: PluginToolOptions) => void;
  readonly registerCommand: (command: PluginCommand) => void;
  readonly registerGatewayMethod: (method: string, handler: GatewayMethodHandler) => void;
  readonly registerHttpRoute: (route: PluginHttpRoute) => void;
  readonly registerHttpHandler: (handler: PluginHttpHandler) => void;
  readonly registerService: (service: PluginService) => void;
  readonly registerCli: (registrar: CliRegistrar, options?: { readonly commands?: readonly string[] }) => void;
  readonly registerHook: (events: string | readonly string[], handler: EventHandler, options?: HookOptions) => void;
  readonly registerChannel: (channel: EstablishedChannel | { readonly plugin: EstablishedChannel }) => void;
  readonly on: EstablishedHooks;
}

/** Fields after the message become fields of the log record. */
export interface PluginLogger {
  readonly debug: (message: string, ...fields: unknown[]) => void;
  readonly info: (message: string, ...fields: unknown[]) => void;
  readonly warn: (message: string, ...fields: unknown[]) => void;
  readonly error: (message: string, ...fields: unknown[]) => void;
}

export interface PluginTool {
  readonly name: string;
  readonly label?: string;
  readonly description: string;
  /** JSON Schema of the parameters; a TypeBox value is one. */
  readonly parameters: object;
  execute(
    toolCallId: string,
    params: Record<string, unknown>,
    signal?: AbortSignal,
    onUpdate?: (partial: unknown) => void,
  ): unknown;
}

/** Where a tool is about to run. Everything may be missing. */
export interface PluginToolContext {
  readonly config?: unknown;
  readonly workspaceDir?: string | undefined;
  readonly agentDir?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionKey?: string | undefined;
  readonly messageChannel?: string | undefined;
  readonly agentAccountId?: string | undefined;
  readonly sandboxed?: boolean;
}

/** Asked for each run; nothing means "not in this session". */
export type PluginToolFactory = (context: PluginToolContext) => PluginTool | PluginTool[] | null | undefined;

export interface PluginToolOptions {
  readonly name?: string;
  readonly names?: readonly string[];
  /** Only offered when the tool policy names it. */
  readonly optional?: boolean;
}

export interface PluginCommand {
  readonly name: string;
  readonly description?: string;
  readonly acceptsArgs?: boolean;
  readonly requireAuth?: boolean;
  readonly handler: (context: PluginCommandContext) => PluginReply | Promise<PluginReply>;
}

export interface PluginCommandContext {
  readonly senderId?: string;
  readonly channel: string;
  readonly channelId?: string;
  readonly isAuthorizedSender: boolean;
  readonly args?: string;
  readonly commandBody: string;
  readonly config: unknown;
  readonly from?: string;
  readonly to?: string;
  readonly accountId?: string;
  readonly messageThreadId?: string;
}

export interface PluginReply {
  readonly text?: string;
  readonly mediaUrl?: string;
  readonly mediaUrls?: readonly string[];
  readonly isError?: boolean;
  readonly channelData?: unknown;
}

/** First answer wins. */
export type Respond = (ok: boolean, payload?: unknown, error?: MethodError, meta?: unknown) => void;

export interface MethodError {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

export interface GatewayMethodRequest {
  readonly req: { readonly type: "req"; readonly id: string; readonly method: string; readonly params: unknown };
  readonly params: Record<string, unknown>;
  readonly client: { readonly connId: string; readonly connect: Readonly<Record<string, unknown>> };
  readonly respond: Respond;
  readonly context: GatewayMethodContext;
  readonly isWebchatConnect: (connect: unknown) => boolean;
}

export interface GatewayMethodContext {
  readonly broadcast: (event: string, payload: unknown, options?: { readonly dropIfSlow?: boolean }) => void;
  readonly broadcastToConnIds: (
    event: string,
    payload: unknown,
    connIds: Iterable<string>,
    options?: { readonly dropIfSlow?: boolean },
  ) => void;
  readonly logGateway: PluginLogger;
  readonly getRuntimeSnapshot: () => unknown;
}

export type GatewayMethodHandler = (request: GatewayMethodRequest) => unknown;

export interface PluginHttpRoute {
  readonly path: string;
  /** Words of later generations: `prefix` also answers below the path, `gateway` always wants the token. */
  readonly match?: "exact" | "prefix";
  readonly auth?: "plugin" | "gateway";
  readonly handler: (request: IncomingMessage, response: ServerResponse) => unknown;
}

/** `true` when it has answered. */
export type PluginHttpHandler = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface PluginService {
  readonly id: string;
  start(context: PluginServiceContext): unknown;
  stop?(context: PluginServiceContext): unknown;
}

export interface PluginServiceContext {
  readonly config: unknown;
  readonly workspaceDir: string;
  readonly stateDir: string;
  readonly logger: PluginLogger;
}

/** Adds commands to `program`, which speaks the words of commander's `Command`. */
export type CliRegistrar = (context: CliRegistrarContext) => unknown;

export interface CliRegistrarContext {
  readonly program: CommandBuilder;
  readonly config: unknown;
  readonly workspaceDir: string;
  readonly logger: PluginLogger;
}

/** Something that happened in the gateway, for `registerHook`. */
export interface GatewayEvent {
  readonly type: string;
  readonly action: string;
  readonly sessionKey: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly timestamp: Date;
  readonly messages: string[];
}

export type EventHandler = (event: GatewayEvent) => unknown;

export interface HookOptions {
  readonly name?: string;
  readonly description?: string;
  /** False: named in listings only. */
  readonly register?: boolean;
  readonly priority?: number;
}
