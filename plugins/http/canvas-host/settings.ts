import { join } from "node:path";
import type { Settings } from "openclaw/plugin-sdk";
import { absolute, portFromEnv } from "openclaw/plugin-sdk/config";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";

const PORT_OFFSET = 4;

export interface CanvasSettings {
  readonly enabled: boolean;
  readonly port: number;
  readonly root: string;
  readonly liveReload: boolean;
}

export interface Place {
  readonly settings: Settings;
  readonly stateDir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly gatewayPort: number;
  readonly agentId: string;
}

/** `canvasHost` with its defaults (http.md §1 and §9). */
export function canvasSettings({ settings, stateDir, home, env, gatewayPort, agentId }: Place): CanvasSettings {
  const { enabled = true, port, root, liveReload = true } = settings.get<Partial<CanvasSettings>>("canvasHost") ?? {};
  return {
    enabled: enabled && !/^(1|true|yes|on)$/i.test(env["OPENCLAW_SKIP_CANVAS_HOST"] ?? ""),
    port: portFromEnv(env, "OPENCLAW_CANVAS_HOST_PORT") ?? port ?? gatewayPort + PORT_OFFSET,
    root: root === undefined ? join(workspaceOf(agentId, { settings, stateDir, env }), "canvas") : absolute(root, home),
    liveReload,
  };
}
