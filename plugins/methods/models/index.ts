import { closed, definePlugin, Models, Plugins, Sessions, Type } from "openclaw/plugin-sdk";
import type { HooksOf, ModelCandidate } from "openclaw/plugin-sdk";
import { accessOf } from "./access.ts";
import { Connections } from "./attempt.ts";
import { candidatesFor, OFFLINE } from "./candidates.ts";
import type { Behind, CandidateParts } from "./candidates.ts";
import { chooseModel } from "./choose.ts";
import { Renewals } from "./oauth.ts";
import { Outcomes } from "./outcome.ts";
import { probe } from "./probe.ts";
import { ProfileStore } from "./profile-store.ts";
import { Registry } from "./registry.ts";
import { ModelSettings } from "./setting.ts";
import { ModelListShape, ModelProbeShape } from "./shape.ts";

const PROBE_MS = 15_000;

export default definePlugin((gateway) => {
  const settings = new ModelSettings(gateway.settings, gateway.paths.stateDir);
  const registry = new Registry((): HooksOf<typeof Models> => hooks, settings, gateway.use(Plugins));
  const connections = new Connections();
  const outcomes = new Outcomes(gateway, settings, gateway.use(Sessions));
  const behind = new WeakMap<ModelCandidate, Behind>();
  // What the generations of this plugin know of credentials that fail is the same.
  const stores = gateway.keep("credentials", () => new Map<string, ProfileStore>());
  const store = (agentId: string) => {
    const directory = settings.agentDir(agentId);
    let known = stores.get(directory);
    if (!known) stores.set(directory, (known = new ProfileStore(directory, settings.sharedDir)));
    return known;
  };
  const parts: CandidateParts = {
    settings,
    registry,
    connections,
    // One request for all who wait, also across generations.
    renewals: gateway.keep("renewals", () => new Renewals()),
    store,
    environment: process.env,
    log: gateway.log,
    warned: new Set(),
    behind,
  };

  const hooks = gateway.provide(Models, {
    candidates: (want) => candidatesFor(want, parts),
    report(candidate, outcome, session) {
      const made = behind.get(candidate);
      if (made) outcomes.note(candidate, made, outcome, session);
    },
    choose: (text, agentId) => chooseModel(text, agentId, settings, registry),
    list: () => registry.list(),
    access: (provider, agentId) => accessOf(provider.toLowerCase(), agentId, parts),
    primary: (agentId) => settings.choice(agentId).primary ?? OFFLINE,
  });

  gateway.hooks.configChanged.tap(() => {
    registry.clear();
    connections.clear();
    parts.warned.clear();
  });

  gateway.method({
    name: "models.probe",
    // It spends money.
    scope: "operator.admin",
    timeoutMs: 0,
    params: closed({
      agentId: Type.Optional(Type.String({ minLength: 1 })),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 120_000 })),
    }),
    result: ModelProbeShape,
    async handle({ agentId = settings.defaultAgentId(), timeoutMs = PROBE_MS }, { signal }) {
      return { probes: [...(await probe(agentId, parts, { timeoutMs, signal }))] };
    },
  });

  gateway.method({
    name: "models.list",
    scope: "operator.read",
    params: closed({}),
    result: ModelListShape,
    async handle() {
      const models = await registry.list();
      return {
        models: models.map(({ id, name, provider, contextWindow, reasoning, input }) => ({
          id,
          name,
          provider,
          ...(contextWindow !== undefined && { contextWindow }),
          reasoning: reasoning ?? false,
          input: input ?? ["text"],
        })),
      };
    },
  });
});
