import { networkInterfaces } from "node:os";
import type { SharedAuth } from "./auth/shared.ts";

export type BindMode = "loopback" | "lan" | "tailnet" | "auto" | "custom";

/** The gateway may not start like this. `exitCode` 78: configuration, 75: try again later (cli.md §1.4). */
export class StartError extends Error {
  readonly exitCode: 1 | 75 | 78;

  constructor(message: string, exitCode: 1 | 75 | 78 = 78, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StartError";
    this.exitCode = exitCode;
  }
}

/** Addresses to listen on; the first must work (config.md §4.1). */
export function bindHosts(mode: BindMode, custom: readonly string[], ipv6: boolean): string[] {
  if (mode === "loopback" || mode === "auto") return ["127.0.0.1", "::1"];
  if (mode === "lan") return ipv6 ? ["0.0.0.0", "::"] : ["0.0.0.0"];
  if (mode === "tailnet") {
    const address = addresses().find(isTailnet);
    if (!address) throw new StartError("tailnet address not found (is Tailscale up?)", 75);
    return [address];
  }
  if (custom.length === 0) throw new StartError("gateway.bind is custom but gateway.customBind names no address");
  const foreign = custom.find((host) => !addresses().includes(host) && host !== "0.0.0.0" && host !== "::");
  if (foreign !== undefined) throw new StartError(`gateway.customBind ${foreign} is not an address of this host`);
  return [...custom];
}

const MIN_EXPOSED_TOKEN = 24;
const MIN_TOKEN = 16;
const MIN_PASSWORD = 8;
const PLACEHOLDERS = new Set(["your-token", "changeme", "secret", "token", "password"]);

/** Refuse what would let anyone in (security.md S-01). */
export function checkExposure(host: string, { mode, token, password }: SharedAuth): void {
  const exposed = !host.startsWith("127.") && host !== "::1";
  const secret = mode === "token" ? token : mode === "password" ? password : undefined;
  if (!secret && (exposed || mode !== "none")) {
    const key = `gateway.auth.${mode === "password" ? "password" : "token"}`;
    throw new StartError(
      `refusing to bind gateway to ${host} without auth: set ${key}\n` +
        `  openclaw config set ${key} $(openssl rand -hex 32)`,
    );
  }
  if (!secret) return;
  const minimum = mode === "password" ? MIN_PASSWORD : exposed ? MIN_EXPOSED_TOKEN : MIN_TOKEN;
  if (secret.length < minimum) {
    throw new StartError(
      `gateway.auth.${mode} is too short: ${minimum} characters at least${exposed ? ` to bind ${host}` : ""}`,
    );
  }
  if (exposed && PLACEHOLDERS.has(secret.toLowerCase())) {
    throw new StartError(
      `refusing to bind gateway to ${host} without auth: gateway.auth.${mode} is a placeholder, set a real one`,
    );
  }
}

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

/** 100.64.0.0/10 */
function isTailnet(address: string): boolean {
  const [a, b] = address.split(".").map(Number);
  return a === 100 && b !== undefined && b >= 64 && b <= 127;
}
