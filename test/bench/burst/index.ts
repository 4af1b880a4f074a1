import { definePlugin, Type } from "openclaw/plugin-sdk";

export default definePlugin((gateway) => {
  const emit = gateway.event("burst");
  gateway.method({
    name: "burst.emit",
    scope: "operator.write",
    params: Type.Object({ count: Type.Integer(), payload: Type.Unknown() }),
    handle({ count, payload }) {
      for (let i = 0; i < count; i++) emit(payload);
      return {};
    },
  });
});
