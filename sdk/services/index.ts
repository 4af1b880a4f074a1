/** Services that join plugins, each with its token, interface and hooks. */
export { Agents, jsonResult, textResult } from "./agents.ts";
export type {
  AgentInfo,
  AgentsApi,
  Prompt,
  PromptFile,
  RunEvent,
  RunState,
  Spawned,
  SpawnRequest,
  SubagentRun,
  ToolContext,
  ToolOptions,
  ToolResult,
  ToolTurn,
  TurnContext,
  PendingToolCall,
  ReplyContext,
  RunRequest,
} from "./agents.ts";
export { APPROVAL_DECISIONS, Approvals } from "./approvals.ts";
export type {
  ApprovalDecision,
  ApprovalsApi,
  AskedApproval,
  AskOptions,
  ExecAction,
  ExecApproval,
  ResolvedApproval,
} from "./approvals.ts";
export { Config } from "./config.ts";
export type {
  ConfigApi,
  ConfigEdit,
  ConfigIssue,
  ConfigSnapshot,
  ConfigWriteOptions,
  ConfigWriteResult,
  ReloadEffect,
  ReloadPlan,
} from "./config.ts";
export { Cron } from "./cron.ts";
export type { CronApi, CronAuthor, CronJob } from "./cron.ts";
export { Devices } from "./devices.ts";
export type { DevicePairRequest, DevicesApi, DeviceTokenSummary, PairedDevice } from "./devices.ts";
export { Gateway } from "./gateway.ts";
export type { GatewayApi, GatewayState } from "./gateway.ts";
export { ChannelError } from "./channel.ts";
export type {
  Attempt,
  ChannelAccount,
  ChannelAccounts,
  ChannelCapabilities,
  ChannelContext,
  ChannelDef,
  ChannelIssue,
  ChannelLimits,
  ChannelLogin,
  ChannelOptions,
  ChannelPeople,
  ChannelStatus,
  ChannelTargets,
  DeliveryOutcome,
  Download,
  LoginOffer,
  OutboxEntry,
  OutgoingMedia,
  Probe,
  StatusPatch,
  Target,
} from "./channel.ts";
export { hasScope } from "./envelope.ts";
export type { Button, Envelope, Media, Poll, ReplyAddress, ReplyPayload, Sender } from "./envelope.ts";
export { Messaging } from "./messaging.ts";
export type {
  Accepted,
  BlockDelivery,
  CommandCall,
  CommandOptions,
  FurtherCommand,
  ListedCommand,
  MediaQuestion,
  MessagingApi,
  QueueMode,
  Steering,
  TurnPlace,
  Turn,
  TurnResult,
  Work,
  WorkState,
  WorkStep,
} from "./messaging.ts";
export { Models, WARM_UP } from "./models.ts";
export type {
  CatalogModel,
  CredentialKind,
  KnownProvider,
  ModelApiOptions,
  ModelCandidate,
  ModelCost,
  ModelEndpoint,
  ModelInfo,
  ModelPart,
  ModelReference,
  ModelRequest,
  ModelsApi,
  ProviderAccess,
  ModelTool,
  ModelWant,
  StreamModel,
  Sampling,
  ToolChoice,
} from "./models.ts";
export { FAILURE_RULES, failureOf, modelError, reasonOfStatus, reasonOfText } from "./model-failure.ts";
export type { FailureReason, FailureRule, ModelFailure } from "./model-failure.ts";
export { emitToFollowers, Nodes } from "./nodes.ts";
export type { NodeAnswer, NodeEvent, NodeExec, NodeInfo, NodeInvocation, NodesApi } from "./nodes.ts";
export { Plugins } from "./plugins.ts";
export type { Cast, PluginPhase, PluginState, PluginsApi, ReloadOutcome, Stage } from "./plugins.ts";
export { Sessions } from "./sessions.ts";
export type {
  AppendOptions,
  AssistantMessage,
  CompactOptions,
  Compaction,
  Compacted,
  ContentBlock,
  Conversation,
  ProviderMetadata,
  Session,
  SessionChange,
  SessionEntry,
  SessionKey,
  SessionsApi,
  ToolResultMessage,
  Transcript,
  TranscriptContext,
  TranscriptMessage,
  Usage,
} from "./sessions.ts";
export { Skills } from "./skills.ts";
export type { SkillInfo, SkillsApi, SkillsSnapshot } from "./skills.ts";
export { defineCollection, Store } from "./store.ts";
export type {
  AnyCollection,
  Change,
  Collection,
  CollectionOptions,
  CommitOptions,
  IndexValue,
  Query,
  StoreApi,
  StoreHealth,
  StoreIntake,
} from "./store.ts";
export { System } from "./system.ts";
export type {
  HealthReport,
  HealthRequest,
  RestartNote,
  RestartRequest,
  ScheduledRestart,
  StatusReport,
  SystemApi,
} from "./system.ts";
export { HEARTBEAT_PROMPT, SystemEvents } from "./system-events.ts";
export type { HeartbeatEvent, SystemEvent, SystemEventsApi, SystemEventTarget, WakeRequest } from "./system-events.ts";
export { Memory } from "./memory.ts";
export type { MemoryApi, MemoryHit } from "./memory.ts";
export { ToolPolicy } from "./tool-policy.ts";
export type { ToolFacts, ToolPolicyApi } from "./tool-policy.ts";
export { Chat, QUIET_RUN } from "./chat.ts";
export type { ChatApi, InjectOptions } from "./chat.ts";
export { Workspace } from "./workspace.ts";
export type { FileOwner, SandboxCommand, SandboxRun, ToolSandbox, WorkspaceApi } from "./workspace.ts";
export { UsageReports } from "./usage.ts";
export type { ProviderQuota, QuotaWindow } from "./usage.ts";
