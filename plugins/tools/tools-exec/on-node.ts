import { GatewayError, isProvided, textResult } from "openclaw/plugin-sdk";
import type { NodeInfo, NodesApi, SystemEventsApi, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { judgeUnanswered, tailOf } from "openclaw/plugin-sdk/exec";
import type { AuthorizeParts } from "./authorize.ts";
import type { ExecParameters } from "./parameters.ts";
import type { ExecSettings } from "./settings.ts";

/** Runs commands on nodes. Each node has rules of its own; who has none for a command wants to hear that it was approved. */
export interface NodeRuns {
  run(call: ToolContext, args: ExecParameters, settings: ExecSettings): Promise<ToolResult>;
}

interface RunAnswer {
  readonly exitCode?: number | null;
  readonly timedOut?: boolean;
  readonly success?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly error?: string | null;
}

const RUN = "system.run";
const SLACK_MS = 5_000;
const EVENT_OUTPUT = 4_000;

export function createNodeRuns(parts: {
  readonly nodes: NodesApi;
  readonly events: SystemEventsApi;
  readonly authority: AuthorizeParts;
}): NodeRuns {
  const { nodes, events, authority } = parts;

  async function invoke(node: NodeInfo, params: object, settings: ExecSettings, signal?: AbortSignal) {
    const { payload } = await nodes.invoke({
      nodeId: node.nodeId,
      command: RUN,
      params,
      timeoutMs: settings.timeoutMs + SLACK_MS,
      ...(signal && { signal }),
    });
    return (payload ?? {}) as RunAnswer;
  }

  async function whenApproved(
    node: NodeInfo,
    params: object,
    asked: ReturnType<AuthorizeParts["approvals"]["ask"]>,
    { call, command, settings }: { call: ToolContext; command: string; settings: ExecSettings },
  ): Promise<void> {
    const about = `node=${node.nodeId} id=${asked.id}`;
    const tell = async (text: string) => {
      await events.enqueue(text, { sessionKey: call.sessionKey, contextKey: "exec", isUntrusted: !call.isOwner });
      events.wake({ mode: "now", reason: "exec-event", sessionKey: call.sessionKey });
    };
    const decision = await asked.decision;
    const mayRun = decision === null ? judgeUnanswered(settings.policy, false) : decision !== "deny";
    if (!mayRun)
      return tell(`Exec denied (${about}, ${decision === null ? "approval-timeout" : "user-denied"}): ${command}`);
    try {
      const answer = await invoke(node, { ...params, approved: true, approvalDecision: decision }, settings);
      await tell(
        `Exec finished (${about}, code ${answer.exitCode ?? "none"})\n${tailOf(outputOf(answer), EVENT_OUTPUT)}`,
      );
    } catch (error) {
      await tell(`Exec denied (${about}, ${error instanceof Error ? error.message : String(error)}): ${command}`);
    }
  }

  return {
    async run(call, { command, workdir, env }, settings) {
      const node = await chosenNode(nodes, settings.node);
      if (settings.policy.security === "deny")
        throw new GatewayError("INVALID_REQUEST", "commands on nodes are switched off here; see tools.exec.security");
      const { agentId, sessionKey, runId } = call;
      const argv = ["/bin/sh", "-lc", command];
      const params = {
        command: argv,
        rawCommand: command,
        ...(workdir !== undefined && { cwd: workdir }),
        ...(env && { env }),
        timeoutMs: settings.timeoutMs,
        agentId,
        sessionKey,
        runId,
      };
      const ask = () => {
        if (!isProvided(authority.approvals))
          throw new GatewayError(
            "UNAVAILABLE",
            'the command needs a yes, and nobody can be asked; run "openclaw plugins enable approvals"',
          );
        const asked = authority.approvals.ask({
          command,
          ...(workdir !== undefined && { cwd: workdir }),
          ...(env && { env }),
          host: "node",
          nodeId: node.nodeId,
          security: settings.policy.security,
          ask: settings.policy.ask,
          agentId,
          sessionKey,
        });
        void whenApproved(node, params, asked, { call, command, settings }).catch(() => undefined);
        const slug = asked.id.slice(0, 8);
        return textResult(
          `somebody is asked whether this command may run on ${nameOf(node)} (approval ${slug}); the answer comes by itself, do not run it again`,
          { status: "approval-pending", approvalId: asked.id, approvalSlug: slug, host: "node", nodeId: node.nodeId },
        );
      };
      if (settings.policy.ask === "always") return ask();
      try {
        const answer = await invoke(node, params, settings, call.signal);
        const output = outputOf(answer).trimEnd();
        const ended = answer.success === true ? [] : [`(failed, exit code ${answer.exitCode ?? "none"})`];
        return {
          ...textResult([output === "" ? "(no output)" : output, ...ended].join("\n\n"), {
            status: answer.success === true ? "completed" : "failed",
            exitCode: answer.exitCode ?? null,
            nodeId: node.nodeId,
          }),
          ...(answer.success !== true && { isError: true }),
        };
      } catch (error) {
        if (settings.policy.ask !== "off" && error instanceof Error && /approval required/.test(error.message))
          return ask();
        throw error;
      }
    },
  };
}

async function chosenNode(nodes: NodesApi, wanted: string | undefined): Promise<NodeInfo> {
  const able = (await nodes.list()).filter(({ connected, commands }) => connected && commands.includes(RUN));
  const found = wanted === undefined ? able : able.filter((node) => isNamed(node, wanted));
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only)
    throw new GatewayError(
      "INVALID_REQUEST",
      `several nodes run commands: ${found.map(nameOf).join(", ")}; name one with node`,
    );
  throw new GatewayError(
    "INVALID_REQUEST",
    wanted === undefined
      ? 'no connected node runs commands; start one with "openclaw node run"'
      : `no connected node "${wanted}" runs commands; see "openclaw nodes status"`,
  );
}

function isNamed({ nodeId, displayName }: NodeInfo, wanted: string): boolean {
  return nodeId === wanted || displayName?.toLowerCase() === wanted.toLowerCase();
}

function nameOf({ nodeId, displayName }: NodeInfo): string {
  return displayName ?? nodeId;
}

function outputOf({ stdout = "", stderr = "", error }: RunAnswer): string {
  return [stdout, stderr, error ?? ""].filter((text) => text !== "").join("\n");
}
