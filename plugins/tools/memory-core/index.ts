import { join } from "node:path";
import { Agents, definePlugin, jsonResult, Memory, Type, Workspace } from "openclaw/plugin-sdk";
import type { MemoryApi, Static, ToolTurn } from "openclaw/plugin-sdk";
import { NoteIndex } from "./note-index.ts";
import { assertNote, findNotes, noteText } from "./notes.ts";

const RESULTS = 6;
const MAX_RESULTS = 50;
const LINES = 200;
const MAX_LINES = 2_000;

const SearchParameters = Type.Object({
  query: Type.String({ minLength: 1, maxLength: 2_000 }),
  maxResults: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_RESULTS })),
  minScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});
const GetParameters = Type.Object({
  path: Type.String({ minLength: 1, description: "MEMORY.md or a file of memory/" }),
  from: Type.Optional(Type.Integer({ minimum: 1, description: "first line, from 1" })),
  lines: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LINES })),
});

export default definePlugin((gateway) => {
  const { settings, paths } = gateway;
  const { tool } = gateway.hooks.of(Agents);
  const workspace = gateway.use(Workspace);
  const indexes = new Map<string, NoteIndex>();
  const updates = new Map<string, Promise<void>>();
  gateway.own("indexes", () => {
    for (const index of indexes.values()) index.close();
  });

  const api: MemoryApi = {
    async search(agentId, query, { maxResults = RESULTS, minScore = 0 } = {}) {
      const index = await current(agentId);
      return index.search(query, Math.min(maxResults, MAX_RESULTS)).filter(({ score }) => score >= minScore);
    },
    async read(agentId, path, { from = 1, lines = LINES } = {}) {
      const file = await workspace.resolve({ agentId, sessionKey: undefined }, path, "read");
      await assertNote(workspace.root(agentId), file, path);
      const all = (await noteText(file)).split("\n");
      const last = from - 1 + Math.min(lines, MAX_LINES);
      const rest = all.length > last ? [`[line ${last} of ${all.length}; go on with from ${last + 1}]`] : [];
      return { path, text: [...all.slice(from - 1, last), ...rest].join("\n") };
    },
  };
  gateway.provide(Memory, api);

  tool.for("memory_search").tap(
    {
      label: "Memory search",
      description:
        "Search your notes (MEMORY.md and memory/*.md) before you answer about earlier work, decisions, dates, people or preferences. Read more of a hit with memory_get.",
      parameters: SearchParameters,
      parallelSafe: true,
      isAvailable: isPrivate,
    },
    async ({ agentId, arguments: args }) => {
      // The arguments were checked against the schema before the tool is called.
      const { query, ...options } = args as Static<typeof SearchParameters>;
      return jsonResult({ results: await api.search(agentId, query, options) });
    },
  );
  tool.for("memory_get").tap(
    {
      label: "Memory",
      description: "Read lines of one of your notes.",
      parameters: GetParameters,
      parallelSafe: true,
      isAvailable: isPrivate,
    },
    async ({ agentId, arguments: args }) => {
      const { path, ...options } = args as Static<typeof GetParameters>;
      return jsonResult(await api.read(agentId, path, options));
    },
  );

  /** Notes are about the owner: in a group where others had a say they stay closed. */
  function isPrivate({ agentId, isOwner, envelope }: ToolTurn): boolean {
    const agents = settings.get<{ id: string; memorySearch?: { enabled?: boolean } }[]>("agents.list") ?? [];
    const own = agents.find(({ id }) => id === agentId)?.memorySearch?.enabled;
    const isOn = own ?? settings.get<boolean>("agents.defaults.memorySearch.enabled") ?? true;
    return isOn && (isOwner || envelope === undefined || envelope.chatType === "direct");
  }

  /** The index of an agent, with its notes as they are now. It is made when it is first asked. */
  async function current(agentId: string): Promise<NoteIndex> {
    const index =
      indexes.get(agentId) ??
      new NoteIndex(join(paths.stateDir, "cache", "memory", `${encodeURIComponent(agentId)}.sqlite`));
    indexes.set(agentId, index);
    // One at a time: two searches must not take in the same note twice.
    const before = updates.get(agentId) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(async () => index.update(await findNotes(workspace.root(agentId))));
    updates.set(agentId, mine);
    await mine;
    return index;
  }
});
