/** What a form shows for one path (config.md §5). */
export interface UiHint {
  readonly label?: string;
  readonly help?: string;
  /** Heading under which the section stands. */
  readonly group?: string;
  readonly order?: number;
  readonly placeholder?: string;
  /** Hidden in readings and logs. */
  readonly sensitive?: boolean;
  readonly advanced?: boolean;
  readonly [field: string]: unknown;
}

/** Forms show the kernel's sections first, those of plugins after them. */
export const KERNEL_HINTS: Readonly<Record<string, UiHint>> = {
  gateway: { label: "Gateway", group: "Gateway", order: 10 },
  "gateway.mode": { label: "Where the gateway runs", help: "local: on this machine; remote: commands go elsewhere" },
  "gateway.port": { label: "Port", placeholder: "18789" },
  "gateway.bind": { label: "Who can reach it", help: "loopback: this machine; lan: the local network; tailnet" },
  "gateway.customBind": { label: "Addresses", help: "only with bind: custom", advanced: true },
  "gateway.auth.mode": { label: "What clients log in with" },
  "gateway.auth.token": { label: "Gateway token", sensitive: true },
  "gateway.auth.password": { label: "Gateway password", sensitive: true },
  "gateway.controlUi.allowedOrigins": { label: "Origins of the control page", placeholder: "https://claw.example" },
  "gateway.http.cors.allowedOrigins": {
    label: "Origins whose pages may use the HTTP APIs",
    placeholder: "https://app.example",
    advanced: true,
  },
  "gateway.trustedProxies": { label: "Proxies whose headers count", advanced: true },
  "gateway.remote.url": { label: "Address of the remote gateway", placeholder: "wss://host:18789" },
  "gateway.remote.token": { label: "Token of the remote gateway", sensitive: true },
  "gateway.remote.password": { label: "Password of the remote gateway", sensitive: true },
  "gateway.reload.mode": { label: "What an edit of the file may do", advanced: true },
  "gateway.reload.debounceMs": { label: "Wait after the last edit (ms)", advanced: true },
  "gateway.maxClients": { label: "Clients at one time", advanced: true },
  "gateway.shutdownTimeoutMs": { label: "Time to finish what runs on a stop (ms)", advanced: true },
  plugins: { label: "Plugins", group: "Plugins", order: 20 },
  "plugins.allow": { label: "Only these plugins", advanced: true },
  "plugins.deny": { label: "Never these plugins", advanced: true },
  "plugins.load.paths": { label: "Folders of your own plugins" },
  logging: { label: "Log", group: "Log", order: 80 },
  "logging.level": { label: "Level of the log file" },
  "logging.consoleLevel": { label: "Level on the terminal" },
  env: { label: "Environment", group: "Environment", order: 85, advanced: true },
  update: { label: "Updates", group: "Updates", order: 90 },
  wizard: { label: "Setup assistant", group: "Setup assistant", order: 95, advanced: true },
  meta: { label: "Notes of the writers", group: "Notes of the writers", order: 99, advanced: true },
};
