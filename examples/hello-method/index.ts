import { definePlugin, Type } from "openclaw/plugin-sdk";

export default definePlugin((gateway) => {
  const { greeting = "Hello" } = (gateway.config ?? {}) as { greeting?: string };
  const greeted = gateway.event<{ name: string }>("hello.greeted");

  gateway.method({
    name: "hello.greet",
    scope: "operator.read",
    params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }) }, { additionalProperties: false }),
    handle({ name }) {
      greeted({ name });
      return { text: `${greeting}, ${name}!` };
    },
  });
});
