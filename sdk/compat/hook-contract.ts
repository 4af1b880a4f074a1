/** `handler(event, context)`; higher priority first, then order of registration. Unknown names are accepted. */
export interface EstablishedHooks {
  <N extends keyof HookTypes>(
    name: N,
    handler: (event: HookTypes[N][0], context: HookTypes[N][1]) => HookTypes[N][2] | Promise<HookTypes[N][2]>,
    options?: { readonly priority?: number },
  ): void;
  (
    name: string,
    handler: (event: Record<string, unknown>, context: Record<string, unknown>) => unknown,
    options?: { readonly priority?: number },
  ): void;
}

/** Event, context and result of each hook that this gateway fires. */
export interface HookTypes {
  before_agent_start: [PromptEvent, AgentContext, PromptAdditions | void];
  before_prompt_build: [PromptEvent, AgentContext, PromptAdditions | void];
  agent_end: [
    {
      readonly messages: readonly object[];
      readonly success: boolean;
      readonly error?: string;
      readonly durationMs?: number;
    },
    AgentContext,
    unknown,
  ];
  message_received: [
    {
      readonly from: string;
      readonly content: string;
      readonly timestamp?: number;
      readonly metadata: Readonly<Record<string, unknown>>;
    },
    MessageContext,
    unknown,
  ];
  message_sending: [
    { readonly to: string; readonly content: string; readonly metadata?: Readonly<Record<string, unknown>> },
    MessageContext,
    { readonly content?: string; readonly cancel?: boolean } | void,
  ];
  message_sent: [
    { readonly to: string; readonly content: string; readonly success: boolean; readonly error?: string },
    MessageContext,
    unknown,
  ];
  before_tool_call: [
    { readonly toolName: string; readonly params: Record<string, unknown> },
    ToolHookContext,
    { readonly params?: Record<string, unknown>; readonly block?: boolean; readonly blockReason?: string } | void,
  ];
  after_tool_call: [
    {
      readonly toolName: string;
      readonly params: Record<string, unknown>;
      readonly result?: unknown;
      readonly error?: string;
      readonly durationMs?: number;
    },
    ToolHookContext,
    unknown,
  ];
  session_start: [
    { readonly sessionId: string; readonly resumedFrom?: string },
    { readonly agentId?: string; readonly sessionId: string },
    unknown,
  ];
  gateway_start: [{ readonly port: number }, { readonly port?: number }, unknown];
  gateway_stop: [{ readonly reason?: string }, { readonly port?: number }, unknown];
}

export interface PromptEvent {
  readonly prompt: string;
  /** What was said in the session before. */
  readonly messages: readonly object[];
}

export interface PromptAdditions {
  readonly prependContext?: string;
  readonly systemPrompt?: string;
  readonly prependSystemContext?: string;
  readonly appendSystemContext?: string;
}

export interface AgentContext {
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly workspaceDir?: string | undefined;
  readonly messageProvider?: string | undefined;
}

export interface MessageContext {
  readonly channelId: string;
  readonly accountId?: string;
  readonly conversationId?: string;
}

export interface ToolHookContext {
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly toolName: string;
}
