import { closed, GatewayError, isProvided, Models, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { PluginGateway, SessionsApi } from "openclaw/plugin-sdk";
import { knownAgentId } from "./key.ts";
import type { Lanes } from "./lanes.ts";
import type { CleanupReport } from "./maintenance.ts";
import type { Roster } from "./roster.ts";
import { CompactParams } from "./session-compact.ts";
import { DeleteParams } from "./session-delete.ts";
import type { SessionIndex } from "./session-index.ts";
import { ListParams, listSessions } from "./session-list.ts";
import { modelOf, PatchParams, patchSession } from "./session-patch.ts";
import { PreviewParams, previewSessions } from "./session-preview.ts";
import { ResolveParams, resolveSession } from "./session-resolve.ts";
import { aliasesOf } from "./session-row.ts";
import type { Transcripts } from "./transcripts.ts";
import {
  CleanedUpShape,
  CompactedShape,
  DeletedShape,
  PatchedShape,
  PreviewShape,
  ResetShape,
  ResolvedShape,
  SessionListShape,
} from "./shape.ts";

export interface MethodParts {
  readonly gateway: PluginGateway;
  readonly api: SessionsApi;
  readonly index: SessionIndex;
  readonly transcripts: Transcripts;
  readonly roster: Roster;
  readonly lanes: Lanes;
  readonly updates: Lanes;
  /** Where the index file of an agent is, or what stands for those of several. */
  readonly storePath: (agentId?: string) => string;
  readonly maintain: (mode?: "enforce" | "warn") => Promise<CleanupReport>;
}

/** The methods of protocol.md §9.4. */
export function registerMethods(parts: MethodParts): void {
  registerReading(parts);
  registerWriting(parts);
}

function registerReading({ gateway, api, index, transcripts, roster, lanes, storePath }: MethodParts): void {
  gateway.method({
    name: "sessions.list",
    scope: "operator.read",
    params: ListParams,
    result: SessionListShape,
    async handle(params) {
      const isRunning = (key: string) => lanes.isBusy(key);
      const sessions = await listSessions(params, { index, transcripts, roster, isRunning });
      const path = storePath(params.agentId);
      return { ts: Date.now(), path, count: sessions.length, defaults: roster.modelDefaults(), sessions };
    },
  });
  gateway.method({
    name: "sessions.preview",
    scope: "operator.read",
    params: PreviewParams,
    result: PreviewShape,
    handle: async (params) => ({
      ts: Date.now(),
      previews: await previewSessions(params, { find: api.get, transcripts }),
    }),
  });
  gateway.method({
    name: "sessions.resolve",
    scope: "operator.admin",
    params: ResolveParams,
    result: ResolvedShape,
    async handle(params) {
      const rules = roster.rules();
      const { key } = await resolveSession(params, { index, rules, find: api.get });
      return { ok: true, key, aliases: aliasesOf(api.parseKey(key), rules) };
    },
  });
}

function registerWriting({ gateway, api, index, roster, updates, storePath, maintain }: MethodParts): void {
  const models = gateway.use(Models);
  gateway.method({
    name: "sessions.cleanup",
    scope: "operator.admin",
    timeoutMs: 0,
    params: closed({ mode: Type.Optional(Type.Union([Type.Literal("enforce"), Type.Literal("warn")])) }),
    result: CleanedUpShape,
    handle: async ({ mode }) => ({ ok: true, ...(await maintain(mode)) }),
  });
  gateway.method({
    name: "sessions.patch",
    scope: "operator.admin",
    params: PatchParams,
    result: PatchedShape,
    async handle({ key: given, ...patch }) {
      const key = await existingOrAllowed(given);
      const defaults = roster.modelDefaults();
      // Whoever knows of models decides; what the configuration says has to do where nobody does.
      const chosen =
        typeof patch.model === "string" && isProvided(models)
          ? await models.choose(patch.model, key.agentId)
          : undefined;
      const parts = { index, settings: gateway.settings, defaults, updates, chosen };
      const { entry } = await patchSession(key, patch, parts);
      const path = storePath(key.agentId);
      return { ok: true, path, key: key.canonical, entry, resolved: modelOf(entry, defaults) };
    },
  });
  gateway.method({
    name: "sessions.reset",
    scope: "operator.admin",
    timeoutMs: 0,
    params: closed({ key: NonEmptyString }),
    result: ResetShape,
    async handle({ key }) {
      const { canonical } = await existingOrAllowed(key);
      const { entry } = await api.reset(canonical);
      return { ok: true, key: canonical, entry };
    },
  });
  gateway.method({
    name: "sessions.delete",
    scope: "operator.admin",
    timeoutMs: 0,
    params: DeleteParams,
    result: DeletedShape,
    async handle({ key, deleteTranscript = true }) {
      const { canonical } = api.parseKey(key);
      return { ok: true, key: canonical, ...(await api.remove(canonical, { deleteTranscript })) };
    },
  });
  gateway.method({
    name: "sessions.compact",
    scope: "operator.admin",
    timeoutMs: 0,
    params: CompactParams,
    result: CompactedShape,
    async handle({ key, mode, maxLines, instructions }) {
      const { canonical } = api.parseKey(key);
      const lines = mode === "lines" ? (maxLines ?? 400) : mode === "summary" ? undefined : maxLines;
      const options = {
        ...(lines !== undefined && { maxLines: lines }),
        ...(instructions !== undefined && { instructions }),
      };
      return { ok: true, key: canonical, ...(await api.compact(canonical, options)) };
    },
  });

  /** A session that would be made has to be one of an agent that there is. */
  async function existingOrAllowed(text: string) {
    const key = api.parseKey(text);
    if (roster.ids().includes(knownAgentId(key.agentId, roster.rules())) || (await api.get(key.canonical))) return key;
    throw new GatewayError("INVALID_REQUEST", `unknown agent id "${key.agentId}"; see agents.list`, {
      details: { code: "UNKNOWN_AGENT" },
    });
  }
}
