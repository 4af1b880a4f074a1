interface AgentSettings {
  readonly id?: string;
  readonly humanDelay?: unknown;
}

interface MessageSettings {
  readonly agents?: { readonly defaults?: AgentSettings; readonly list?: readonly AgentSettings[] };
  readonly messages?: { readonly messagePrefix?: string; readonly responsePrefix?: string };
}

/** Pauses between parts of an answer: the agent's own, else those of all agents. */
export function resolveHumanDelayConfig(config: unknown, agentId: string): unknown {
  const { agents } = (config ?? {}) as MessageSettings;
  return agents?.list?.find(({ id }) => id === agentId)?.humanDelay ?? agents?.defaults?.humanDelay;
}

/** What is put before messages in each direction. */
export function resolveEffectiveMessagesConfig(config: unknown): {
  messagePrefix: string;
  responsePrefix: string | undefined;
} {
  const { messages } = (config ?? {}) as MessageSettings;
  return { messagePrefix: messages?.messagePrefix ?? "", responsePrefix: messages?.responsePrefix };
}
