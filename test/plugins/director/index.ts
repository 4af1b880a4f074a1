import { definePlugin, Plugins, Type } from "openclaw/plugin-sdk";

/** Lets plugins play among themselves, and says what came of the calls that were asked for. */
export default definePlugin((gateway) => {
  const plugins = gateway.use(Plugins);
  const Call = Type.Object({ method: Type.String(), params: Type.Unknown() });
  gateway.method({
    name: "director.play",
    scope: "operator.admin",
    params: Type.Object({ cast: Type.Array(Type.String()), calls: Type.Array(Call) }),
    async handle({ cast, calls }) {
      const answers: unknown[] = [];
      await plugins.rehearse({ plugins: cast }, async (stage) => {
        for (const { method, params } of calls) answers.push(await stage.request(method, params));
      });
      return { answers };
    },
  });
});
