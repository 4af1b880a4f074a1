import { join } from "node:path";
import { closed, Config, definePlugin, GatewayError, NonEmptyString, oneOf, Type } from "openclaw/plugin-sdk";
import type { Call, ConfigIssue } from "openclaw/plugin-sdk";
import { onboard } from "./onboarding.ts";
import type { OnboardingParams } from "./onboarding.ts";
import { WizardSession } from "./session.ts";
import type { Progress } from "./session.ts";
import { WizardProgressShape, WizardStartedShape, WizardStatusShape } from "./shape.ts";

/** A client that went away without a word blocks the next one no longer than this. */
const IDLE_MS = 1_800_000;

const BySession = closed({ sessionId: NonEmptyString });

/** The answer of a wizard has room for one sentence. */
function explained(error: unknown): never {
  const issues = error instanceof GatewayError ? error.details?.["issues"] : undefined;
  if (!Array.isArray(issues)) throw error;
  const texts = (issues as readonly ConfigIssue[]).map(({ path, message }) => `${path}: ${message}`);
  throw new GatewayError("INVALID_REQUEST", `${(error as Error).message}: ${texts.join("; ")}`, { cause: error });
}

export default definePlugin((gateway) => {
  const config = gateway.use(Config);
  let running: WizardSession | undefined;
  let idle: NodeJS.Timeout | undefined;

  gateway.method({
    name: "wizard.start",
    scope: "operator.admin",
    params: closed({
      mode: Type.Optional(oneOf(["local", "remote"])),
      workspace: Type.Optional(Type.String({ maxLength: 4_096 })),
    }),
    result: WizardStartedShape,
    async handle({ mode, workspace }, call) {
      if (running) throw new GatewayError("UNAVAILABLE", "wizard already running");
      const params = { ...(mode && { mode }), ...(workspace && { workspace }) };
      const session = (running = begin(params, call));
      touch();
      return { sessionId: session.id, ...settled(await session.progress()) };
    },
  });
  gateway.method({
    name: "wizard.next",
    scope: "operator.admin",
    params: closed({
      sessionId: NonEmptyString,
      answer: Type.Optional(closed({ stepId: NonEmptyString, value: Type.Optional(Type.Unknown()) })),
    }),
    result: WizardProgressShape,
    async handle({ sessionId, answer }) {
      const session = find(sessionId);
      touch();
      if (answer) session.answer(answer.stepId, answer.value);
      return settled(await session.progress());
    },
  });
  gateway.method({
    name: "wizard.cancel",
    scope: "operator.admin",
    params: BySession,
    result: WizardStatusShape,
    async handle({ sessionId }) {
      const session = find(sessionId);
      session.cancel();
      const { status, error } = settled(await session.progress());
      return { status, ...(error !== undefined && { error }) };
    },
  });
  gateway.method({
    name: "wizard.status",
    scope: "operator.admin",
    params: BySession,
    result: WizardStatusShape,
    handle: ({ sessionId }) => ({ status: find(sessionId).status }),
  });

  function begin(params: OnboardingParams, { client }: Call): WizardSession {
    return new WizardSession((prompter) =>
      onboard(prompter, params, {
        get: (path) => gateway.settings.get(path),
        async write(edit) {
          const { hash } = await config.snapshot();
          const actor = client.deviceId ?? client.connect.client.id;
          const options = { actor, baseHash: hash, replaceReferences: true };
          return (await config.write({ set: edit }, options).catch(explained)).plan;
        },
        version: gateway.version,
        defaultWorkspace: join("~", ".openclaw", "workspace"),
      }),
    );
  }

  function find(sessionId: string): WizardSession {
    if (running?.id === sessionId) return running;
    throw new GatewayError("INVALID_REQUEST", "wizard not found", { details: { code: "NOT_FOUND" } });
  }

  /** What has ended is forgotten with its last answer. */
  function settled(progress: Progress): Progress {
    if (progress.done) running = undefined;
    return progress;
  }

  function touch(): void {
    clearTimeout(idle);
    idle = gateway.setTimeout(() => {
      running?.cancel();
      running = undefined;
    }, IDLE_MS);
  }
});
