/** The plugin SDK: everything a plugin may import. */
export { SDK_VERSION } from "./version.ts";
export { definePlugin, isPlugin } from "./plugin.ts";
export type { Activate, Plugin } from "./plugin.ts";
export type {
  AuthVerdict,
  CallOutcome,
  ConfigChange,
  ConnectAttempt,
  Emit,
  EmitOptions,
  EventEnvelope,
  EventOptions,
  KernelHooks,
  ListenInfo,
  PluginGateway,
  PluginPaths,
  Settings,
  StopInfo,
  UpgradeRequest,
  UpgradeVerdict,
} from "./gateway.ts";
export { gate, KeyedHook, limit, traitsOf } from "./hook.ts";
export type { AsyncPoint, KeyedPoint, Offer, PointOf, PointsOf, RawHook, SyncPoint, TapOrder } from "./hook.ts";
export { defineService, isProvided } from "./service.ts";
export type { HooksOf, ServiceToken } from "./service.ts";
export { closed, IdempotencyKey, NonEmptyString, oneOf, Type } from "./schema.ts";
export type { Static, TSchema } from "./schema.ts";
export { createCheck, createChecks } from "./check.ts";
export type { Check } from "./check.ts";
export { compileSchema } from "./compile-schema.ts";
export type { SchemaCheck, SchemaError } from "./compile-schema.ts";
export { GatewayError, errorShape, errorText } from "./error.ts";
export type { ErrorCode, ErrorShape, GatewayErrorOptions } from "./error.ts";
export { OPERATOR_SCOPES } from "./method.ts";
export type {
  Call,
  Client,
  Denial,
  Effect,
  MethodDef,
  MethodOptions,
  MethodScope,
  OperatorScope,
  Role,
} from "./method.ts";
export type { BearerAttempt, HttpCaller, HttpExchange, HttpRefusal, RouteDef, RouteOptions } from "./http.ts";
export { LEVELS } from "./log.ts";
export { LogWriter } from "./log-writer.ts";
export type { ConsoleStyle, LogWriterOptions } from "./log-writer.ts";
export type { Level, Logger } from "./log.ts";
export { loadSqlite } from "./sqlite.ts";
export { sendFile } from "./send-file.ts";
export type { OpenFile } from "./send-file.ts";
export { cutWhenStalled } from "./stalled-answer.ts";
export { whenCalm } from "./calm.ts";
export { BACKOFF, Backoff, backoffMs, HEALTHY_MS, pause } from "./backoff.ts";
export type { BackoffPolicy } from "./backoff.ts";
export { qrDataUrl } from "./qr-image.ts";
export { secretEquals } from "./secret.ts";
export { compareText } from "./compare-text.ts";
export { imageType, readAttachments, saveImage } from "./attachment.ts";
export { fitImage, fitImages } from "./fit-image.ts";
export type { Attachments, Image } from "./attachment.ts";
export { anyThinkingLevel, thinkingLevel, wordOf } from "./level.ts";
export type { WordField } from "./level.ts";
export { readReply, visibleSoFar, visibleText } from "./reply-text.ts";
export type { ReadReply } from "./reply-text.ts";
export { table } from "./table.ts";
export { wrapUntrusted } from "./untrusted.ts";
export { onOneLine, terminalText } from "./terminal-text.ts";
export { zonedStamp } from "./zoned-stamp.ts";
export { Manifest } from "./manifest.ts";
export {
  CLIENT_IDS,
  CLIENT_MODES,
  ConnectParams,
  ErrorFrame,
  EventFrame,
  RequestFrame,
  ResponseFrame,
  StateVersion,
} from "./protocol/frames.ts";
export type { HelloOk } from "./protocol/frames.ts";
export { HelloOkShape } from "./protocol/hello.ts";
export { KERNEL_EVENTS } from "./protocol/kernel-events.ts";
export {
  CLIENT_RECEIVE_BYTES,
  CLOSE_REASON_BYTES,
  DEVICE_SKEW_MS,
  HANDSHAKE_TIMEOUT_MS,
  IDEMPOTENCY_ENTRIES,
  IDEMPOTENCY_TTL_MS,
  MAX_BUFFERED_BYTES,
  MAX_FIRST_FRAME_BYTES,
  MAX_JSON_DEPTH,
  MAX_PAYLOAD_BYTES,
  PROTOCOL_VERSION,
  TICK_INTERVAL_MS,
} from "./protocol/limits.ts";
export { deviceIdOf, devicePayload, publicKeyOf, rawPublicKey } from "./protocol/device.ts";
export { appendLine, appendLines, ensureDirectory, removeStaleTemps, tightenMode, writeFileAtomic } from "./files.ts";
export { isOpenedAt } from "./opened-file.ts";
export { readTextFile } from "./read-text.ts";
export { faultPoint, faultPointsPassed } from "./fault-point.ts";
export { acquireLock, LockedError } from "./file-lock.ts";
export type { FileLock } from "./file-lock.ts";
export { canonicalAddress, hostAllowed, isLoopback, originAllowed, peerOf } from "./peer.ts";
export type { HostRules, Peer } from "./peer.ts";
export { a2uiText, checkA2ui } from "./a2ui.ts";
export { portOwners } from "./port-owner.ts";
export type { PortOwner } from "./port-owner.ts";
export { Lanes } from "./lanes.ts";
export { perConfig } from "./per-config.ts";
export { agentOfKey } from "./session-key.ts";
export { serverEvents } from "./server-events.ts";
export type { ServerEvent } from "./server-events.ts";
export { LONGEST_TIMER_MS } from "./timer.ts";
export { isProcessAlive, startTimeOf } from "./process-life.ts";
export { loadDeviceIdentity } from "./device-identity.ts";
export type { DeviceIdentity } from "./device-identity.ts";
export { DeviceTokens } from "./device-tokens.ts";
export type { DeviceToken } from "./device-tokens.ts";
export { ConnectionError, GatewayClient } from "./client.ts";
export type { ClientDevice, ClientOptions, RequestOptions, RotatedToken, SequenceGap } from "./client.ts";
export { CliError, defineCommand, withHint } from "./cli.ts";
export type {
  CliArgs,
  CliCommand,
  CliConfig,
  CliContext,
  CliOption,
  CliTarget,
  ConfigCheck,
  ConnectOptions,
  EmbeddedGateway,
  LocalGateway,
  RunRecord,
} from "./cli.ts";
export * from "./services/index.ts";
export type {
  OpenClawPluginApi,
  PluginCommand,
  PluginCommandContext,
  PluginLogger,
  PluginService,
  PluginTool,
  PluginToolContext,
} from "./compat/contract.ts";
export type { EstablishedChannel as ChannelPlugin } from "./compat/channel-contract.ts";
export type { PluginRuntime } from "./compat/runtime-contract.ts";
export { addUsage, noUsage, pricesIn, usageTotals } from "./usage-totals.ts";
export type { ModelPrice, PriceOf, UsageTotals } from "./usage-totals.ts";
