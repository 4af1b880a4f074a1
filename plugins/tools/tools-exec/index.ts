import {
  Agents,
  Approvals,
  definePlugin,
  Messaging,
  Nodes,
  Sessions,
  Skills,
  SystemEvents,
  ToolPolicy,
  Workspace,
} from "openclaw/plugin-sdk";
import { ExecApprovals } from "openclaw/plugin-sdk/exec";
import { registerBash } from "./bash.ts";
import { Commands } from "./commands.ts";
import { exec } from "./exec.ts";
import { registerExecCommand } from "./exec-command.ts";
import { createNodeRuns } from "./on-node.ts";
import { ExecParameters, ProcessParameters } from "./parameters.ts";
import { manage } from "./process.ts";
import { cleanupMs } from "./settings.ts";

export default definePlugin((gateway) => {
  const { tool } = gateway.hooks.of(Agents);
  const nodes = gateway.use(Nodes);
  const events = gateway.use(SystemEvents);
  const commands = new Commands(() => cleanupMs(gateway.settings));
  gateway.own("running commands", () => commands.close());
  const authority = {
    approvals: gateway.use(Approvals),
    file: new ExecApprovals(gateway.paths.stateDir),
    skillBins: () => nodes.skillBins(),
  };
  const parts = {
    ...authority,
    gateway,
    commands,
    events,
    sessions: gateway.use(Sessions),
    policy: gateway.use(ToolPolicy),
    skills: gateway.use(Skills),
    workspace: gateway.use(Workspace),
    nodes: createNodeRuns({ nodes, events, authority }),
  };

  tool.for("exec").tap(
    {
      label: "Exec",
      description:
        "Run a shell command. What takes longer than yieldMs goes on in the background; look after it with process. A command that is not allowed yet is shown to somebody who can allow it.",
      parameters: ExecParameters,
      // It keeps its own time: a command may run for hours.
      timeoutMs: 0,
    },
    (call) => exec(call, parts),
  );
  tool.for("process").tap(
    {
      label: "Process",
      description:
        "Look after commands in the background: list, poll (what is new), log, write, send-keys, submit, paste, kill, clear, remove.",
      parameters: ProcessParameters,
    },
    (call) => manage(call, gateway.settings, commands),
  );
  registerExecCommand(gateway, parts.sessions);
  registerBash(parts, gateway.use(Messaging));
});
