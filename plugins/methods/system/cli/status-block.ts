/** Values of the block that `gateway status` prints, ready to read. */
export interface StatusBlock {
  readonly runtime: string;
  readonly rpc: string;
  readonly version: string;
  readonly uptime: string;
  readonly pid: string;
  readonly port: string;
  readonly bind: string;
  readonly auth: string;
  readonly configPath: string;
  readonly probeTarget: string;
  readonly cli: string;
  readonly service: string;
  readonly lastError: string;
}

/** Scripts cut values out of this by label and column: cli.md §2.2 fixes every byte. */
export function statusBlock(facts: StatusBlock): string {
  return `\
Gateway Status
--------------
Runtime:     ${facts.runtime}
RPC probe:   ${facts.rpc}
Version:     ${facts.version}
Uptime:      ${facts.uptime}
PID:         ${facts.pid}
Port:        ${facts.port}
Bind:        ${facts.bind}
Auth:        ${facts.auth}
Config path: ${facts.configPath}
Probe target: ${facts.probeTarget}
Config (cli):     ${facts.cli}
Config (service): ${facts.service}
Last gateway error: ${facts.lastError}`;
}
