import { homedir } from "node:os";
import { join } from "node:path";
import { Agents, definePlugin, GatewayError, textResult, Type, whenCalm, Workspace } from "openclaw/plugin-sdk";
import type { ToolContext, ToolOptions, ToolResult, ToolTurn, WorkspaceApi } from "openclaw/plugin-sdk";
import { applyPatch } from "./apply-patch.ts";
import { confine } from "./confine.ts";
import { confineInside, sandboxOf, wantsSandboxes } from "./sandboxed.ts";
import { EditParameters, replaceOnce } from "./edit.ts";
import { readText, writeText } from "./file.ts";
import { parsePatch } from "./patch.ts";
import { ReadParameters, readFor } from "./read.ts";
import { FileTurns } from "./turns.ts";

const MAX_PATCH = 1_000_000;

export default definePlugin((gateway) => {
  const { settings, paths } = gateway;
  const agents = gateway.use(Agents);
  const { tool } = gateway.hooks.of(Agents);
  const turns = new FileTurns();

  const api: WorkspaceApi = {
    root(agentId) {
      const agent = agents.list().find(({ id }) => id === agentId);
      if (!agent) throw new GatewayError("INVALID_REQUEST", `unknown agent id "${agentId}"; see agents.list`);
      return agent.workspace;
    },
    async resolve({ agentId, sessionKey }, path, intent) {
      const readable = hooks.readable.call(
        ["skills", "media"].map((name) => join(paths.stateDir, name)),
        agentId,
      );
      const sandbox = sessionKey === undefined ? undefined : await api.sandbox({ agentId, sessionKey });
      if (sandbox) return confineInside(path, intent, { sandbox, readable, closed: paths.stateDir });
      return confine(path, intent, {
        workspace: api.root(agentId),
        readable,
        isOpen: settings.get<boolean>("tools.fs.workspaceOnly") === false,
        closed: paths.stateDir,
        home: process.env["OPENCLAW_HOME"] || homedir(),
      });
    },
    sandbox: (owner) => sandboxOf(owner, settings, hooks),
  };
  const hooks = gateway.provide(Workspace, api);
  gateway.hooks.listening.tap(() => {
    // Containers of an earlier start are looked after, though nobody works in them yet.
    if (wantsSandboxes(settings)) whenCalm(gateway, () => void hooks.sandbox.all());
  });

  function offer<T>(
    name: string,
    options: ToolOptions,
    run: (args: T, call: ToolContext) => Promise<ToolResult>,
  ): void {
    // The arguments were checked against the schema before the tool is called.
    tool.for(name).tap(options, (call) => run(call.arguments as T, call));
  }

  offer<{ path: string; offset?: number; limit?: number }>(
    "read",
    {
      label: "Read",
      description:
        "Read a file. Text comes as up to 2000 lines or 50 KB with a hint how to go on; images are shown to you.",
      parameters: ReadParameters,
      parallelSafe: true,
    },
    async (args, call) => readFor(args, await api.resolve(call, args.path, "read"), call.signal),
  );

  offer<{ path: string; content: string }>(
    "write",
    {
      label: "Write",
      description: "Write a whole file. Makes missing folders and replaces what was there.",
      parameters: Type.Object({ path: Type.String(), content: Type.String() }),
    },
    async ({ path, content }, call) => {
      const real = await api.resolve(call, path, "write");
      await turns.run([real], () => writeText(real, path, content));
      return textResult(`wrote ${Buffer.byteLength(content)} bytes to ${path}`);
    },
  );

  offer<{ path: string; oldText: string; newText: string }>(
    "edit",
    {
      label: "Edit",
      description: "Change one place of a text file. oldText must be in the file exactly once.",
      parameters: EditParameters,
    },
    async ({ path, oldText, newText }, call) => {
      const real = await api.resolve(call, path, "write");
      await turns.run([real], async () => {
        await writeText(real, path, replaceOnce(await readText(real, path), oldText, newText, path));
      });
      return textResult(`changed ${path}`);
    },
  );

  offer<{ input: string }>(
    "apply_patch",
    {
      label: "Apply patch",
      description:
        'Change several files at once, all or none. The patch stands between "*** Begin Patch" and "*** End Patch" and has "*** Add File:", "*** Update File:", "*** Move to:" and "*** Delete File:" sections with lines that begin with " ", "+" or "-".',
      parameters: Type.Object({ input: Type.String({ maxLength: MAX_PATCH }) }),
      isAvailable: mayPatch,
    },
    async ({ input }, call) => {
      const changes = parsePatch(input);
      const resolve = (path: string) => api.resolve(call, path, "write");
      const named = changes.flatMap((change) => [
        change.path,
        ...(change.kind === "update" && change.moveTo !== undefined ? [change.moveTo] : []),
      ]);
      const touched = await Promise.all(named.map(resolve));
      const told = await turns.run([...new Set(touched)].sort(), () => applyPatch(changes, resolve));
      return textResult(told.join("\n"));
    },
  );

  /** Off until it is asked for, and then for the models that know it. */
  function mayPatch({ provider = "", model = "" }: ToolTurn): boolean {
    const { enabled, allowModels = [] } =
      settings.get<{ enabled?: boolean; allowModels?: string[] }>("tools.exec.applyPatch") ?? {};
    if (enabled !== true) return false;
    const names = [model, `${provider}/${model}`].map((name) => name.toLowerCase());
    return allowModels.length === 0 || allowModels.some((one) => names.includes(one.toLowerCase()));
  }
});
