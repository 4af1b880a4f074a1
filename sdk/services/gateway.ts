import { defineService } from "../service.ts";
import type { Client } from "../method.ts";
import type { ConfigIssue } from "./config.ts";

export interface GatewayState {
  readonly version: string;
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly bind: string;
  readonly authMode: "token" | "password" | "none";
  /** SHA-256 of the certificate, in hex, when the port speaks TLS. */
  readonly tlsFingerprint: string | undefined;
  readonly profile: string;
  readonly stateDir: string;
  readonly configPath: string;
  readonly logFile: string | undefined;
  /** Milliseconds since the process started; survives an in-process restart. */
  readonly uptimeMs: number;
  /** Start finished and nothing that is required has failed. */
  readonly ready: boolean;
  /** Why not, or what needs attention. */
  readonly issues: readonly ConfigIssue[];
  /** Paths whose change waits for a restart (reload mode `hot`). */
  readonly restartPending: readonly string[];
}

/** Provided by the kernel. Needs the permission `gateway`. */
export interface GatewayApi {
  state(): GatewayState;
  clients(): readonly Client[];
  /** Close one connection with these words. False when it is gone already. */
  disconnect(connId: string, code: number, reason: string): boolean;
  /** Restart in this process after `delayMs`; requests that come meanwhile are merged into one. */
  restart(reason: string, delayMs: number): void;
  stop(reason: string): void;
  /** Is this the secret that the gateway runs with, wherever it came from? */
  isOwnSecret(text: string): boolean;
  /** No debug line is written until the returned function is called: there is too little room. */
  holdDebugLogs(): () => void;
  /** What the port speaks TLS with, in PEM, for listeners of plugins that are to speak it too. */
  tls(): { readonly cert: string; readonly key: string; readonly ca?: string } | undefined;
}

export const Gateway = defineService<GatewayApi>("gateway");
