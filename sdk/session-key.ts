/** The agent that a canonical session key (`agent:<id>:…`) belongs to; nothing for a key of another spelling. */
export function agentOfKey(sessionKey: string): string | undefined {
  return /^agent:([^:]+):/.exec(sessionKey)?.[1];
}
