import { closed, GatewayError, LockedError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Call, ConfigApi, PluginGateway } from "openclaw/plugin-sdk";
import { PLACEHOLDER } from "openclaw/plugin-sdk/config";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentOf, agentsOf } from "./agents.ts";
import type { CheckedSkill, SkillCatalog } from "./catalog.ts";
import type { SkillEntry } from "./eligibility.ts";
import { managedFolder } from "./folders.ts";
import type { FolderRules } from "./folders.ts";
import { installFor } from "./install.ts";
import { prefersBrew, statusRow } from "./status.ts";
import { SkillInstalledShape, SkillsStatusShape, SkillUpdatedShape } from "./shape.ts";

const INSTALL_MS = 300_000;
const Key = Type.String({ minLength: 1, maxLength: 128 });
const Variable = Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]{0,127}$" });
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export interface MethodParts {
  readonly gateway: PluginGateway;
  readonly config: ConfigApi;
  readonly catalog: SkillCatalog;
  readonly rules: FolderRules;
}

/** `skills.status|install|update` (protocol.md §9.10). Who asks is told of the disk as it is now. */
export function registerMethods({ gateway, config, catalog, rules }: MethodParts): void {
  const { settings } = gateway;

  async function everySkill(): Promise<CheckedSkill[]> {
    await catalog.refresh();
    return (await Promise.all(agentsOf(settings).map(({ id }) => catalog.list(id)))).flat();
  }

  gateway.method({
    name: "skills.status",
    scope: "operator.read",
    params: closed({ agentId: Type.Optional(NonEmptyString) }),
    result: SkillsStatusShape,
    async handle({ agentId }) {
      const { id } = agentOf(settings, agentId);
      await catalog.refresh();
      return {
        workspaceDir: workspaceOf(id, rules),
        managedSkillsDir: managedFolder(rules),
        skills: (await catalog.list(id)).map((skill) => statusRow(skill, prefersBrew(settings))),
      };
    },
  });

  gateway.method({
    name: "skills.install",
    scope: "operator.admin",
    timeoutMs: 0,
    params: closed({ name: Key, installId: Key, timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000 })) }),
    result: SkillInstalledShape,
    async handle({ name, installId, timeoutMs = INSTALL_MS }) {
      const found = (await everySkill()).find(({ skill }) => skill.name === name && skill.problem === undefined);
      if (!found) {
        const message = `unknown skill "${name}"; see skills.status`;
        const payload = { ok: false, message, stdout: "", stderr: "", code: null };
        throw new GatewayError("INVALID_REQUEST", message, { payload, details: { code: "NOT_FOUND" } });
      }
      const installed = await installFor(found.skill, installId, Math.min(timeoutMs, 2 * INSTALL_MS), gateway);
      await catalog.refresh();
      return installed;
    },
  });

  gateway.method({
    name: "skills.update",
    scope: "operator.admin",
    params: closed({
      skillKey: Key,
      enabled: Type.Optional(Type.Boolean()),
      apiKey: Type.Optional(Type.String({ maxLength: 8_192 })),
      env: Type.Optional(
        Type.Record(Variable, Type.String({ maxLength: 8_192 }), { additionalProperties: false, maxProperties: 100 }),
      ),
    }),
    result: SkillUpdatedShape,
    async handle({ skillKey, enabled, apiKey, env = {} }, call) {
      const entries = settings.get<Readonly<Record<string, SkillEntry>>>("skills.entries") ?? {};
      const isKnown = (await everySkill()).some(({ skill }) => skill.skillKey === skillKey);
      const isKey = !/["\n\r]/.test(skillKey) && !FORBIDDEN.has(skillKey);
      if (!isKey || !(isKnown || Object.hasOwn(entries, skillKey))) {
        throw new GatewayError("INVALID_REQUEST", `unknown skill ${JSON.stringify(skillKey)}; see skills.status`, {
          details: { code: "NOT_FOUND" },
        });
      }
      const at = `skills.entries["${skillKey}"]`;
      const { apiKey: knownKey, env: knownEnv = {} } = Object.hasOwn(entries, skillKey)
        ? (entries[skillKey] as SkillEntry)
        : {};
      const set = new Map<string, unknown>();
      if (enabled !== undefined) set.set(`${at}.enabled`, enabled);
      // What was shown in place of a secret means: as it is.
      if (apiKey !== undefined && apiKey !== PLACEHOLDER && (apiKey.trim() !== "" || knownKey !== undefined))
        set.set(`${at}.apiKey`, apiKey.trim() || undefined);
      for (const [name, value] of Object.entries(env)) {
        if (value === PLACEHOLDER || (value === "" && !Object.hasOwn(knownEnv, name))) continue;
        set.set(`${at}.env.${name}`, value || undefined);
      }
      if (set.size > 0) await write(set, call);
      return { ok: true, skillKey, config: shown(settings, skillKey) };
    },
  });

  async function write(set: ReadonlyMap<string, unknown>, { client }: Call): Promise<void> {
    try {
      await config.write({ set }, { actor: client.deviceId ?? client.connect.client.id, replaceReferences: true });
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      throw new GatewayError("UNAVAILABLE", "config is being written by others; try again", {
        details: { code: "BUSY" },
        retryable: true,
        cause: error,
      });
    }
  }
}

/** An entry without its secrets. */
function shown(settings: PluginGateway["settings"], skillKey: string): object {
  const entries = settings.get<Readonly<Record<string, SkillEntry>>>("skills.entries") ?? {};
  const { apiKey, env, ...rest } = Object.hasOwn(entries, skillKey) ? (entries[skillKey] as SkillEntry) : {};
  return {
    ...rest,
    ...(apiKey !== undefined && { apiKey: PLACEHOLDER }),
    ...(env && { env: Object.fromEntries(Object.keys(env).map((name) => [name, PLACEHOLDER])) }),
  };
}
