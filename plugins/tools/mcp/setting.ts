/** One of `mcp.servers` (agent.md §12.4). */
export interface ServerSetting {
  readonly enabled?: boolean;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly transport?: "http" | "sse";
  readonly timeoutSeconds?: number;
}
