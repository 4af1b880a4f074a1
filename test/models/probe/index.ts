import { definePlugin, failureOf, Models, Sessions, Type } from "openclaw/plugin-sdk";
import type { ModelCandidate } from "openclaw/plugin-sdk";

const Want = Type.Object({
  session: Type.Optional(Type.String()),
  override: Type.Optional(Type.String()),
  images: Type.Optional(Type.Boolean()),
  reasoning: Type.Optional(Type.String()),
});

/** Lets a test see what the service of models says to whoever runs a turn. */
export default definePlugin((gateway) => {
  const models = gateway.use(Models);
  const sessions = gateway.use(Sessions);
  const want = async ({
    session: key,
    override,
    images,
  }: {
    session?: string;
    override?: string;
    images?: boolean;
  }) => {
    const session = key === undefined ? undefined : await sessions.get(key);
    return {
      agentId: "main",
      ...(session && { session }),
      ...(override !== undefined && { override }),
      ...(images !== undefined && { images }),
    };
  };
  const shown = ({
    reference,
    api,
    profileId,
    credential,
    model,
    ownsLoop,
    defaultThinking,
    thinkingLevels,
  }: ModelCandidate) => ({
    reference,
    api,
    profileId: profileId ?? null,
    credential,
    contextWindow: model.contextWindow,
    maxTokens: model.maxTokens,
    ownsLoop,
    defaultThinking,
    thinkingLevels,
  });

  gateway.method({
    name: "probe.candidates",
    scope: "operator.admin",
    params: Want,
    handle: async (params) => (await models.candidates(await want(params))).map(shown),
  });
  /** Asks the first candidate and reports how it went, as a turn does. */
  gateway.method({
    name: "probe.ask",
    scope: "operator.admin",
    params: Want,
    async handle(params) {
      const asked = await want(params);
      const [candidate] = await models.candidates(asked);
      if (!candidate) throw new Error("nobody to ask");
      let text = "";
      try {
        const parts = candidate.stream({
          system: "",
          messages: [{ role: "user", content: [{ type: "text", text: "hello" }], timestamp: 0 }],
          tools: [],
          reasoning: params.reasoning ?? candidate.defaultThinking,
          sessionKey: "agent:main:main",
          signal: AbortSignal.timeout(10_000),
        });
        for await (const part of parts) if (part.type === "text-delta") text += part.text;
        models.report(candidate, "ok", asked.session);
        return { text, profileId: candidate.profileId ?? null };
      } catch (error) {
        models.report(candidate, failureOf(error), asked.session);
        return { failure: failureOf(error), message: String(error), profileId: candidate.profileId ?? null };
      }
    },
  });
  gateway.method({
    name: "probe.choose",
    scope: "operator.admin",
    params: Type.Object({ text: Type.String() }),
    handle: ({ text }) => models.choose(text, "main"),
  });
});
