import { closed, definePlugin, GatewayError, Type } from "openclaw/plugin-sdk";
import { findInstall } from "./install.ts";

const SOURCES = { git: "a git checkout", npm: "an npm package", folder: "a folder of files" } as const;

export default definePlugin((gateway) => {
  gateway.method({
    name: "update.run",
    scope: "operator.admin",
    params: closed({
      sessionKey: Type.Optional(Type.String()),
      note: Type.Optional(Type.String()),
      restartDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
    /** A gateway that exchanged its own code could not put it back; whoever can, is told what to run. */
    handle(): never {
      const { mode, root, commands } = findInstall(import.meta.dirname);
      const message = `this gateway does not update itself: it runs from ${SOURCES[mode]}; run: ${commands.join(" && ")}, then restart it`;
      throw new GatewayError("UNAVAILABLE", message, {
        details: { code: "UPDATE_UNSUPPORTED", mode, root, commands, version: gateway.version },
        retryable: false,
      });
    },
  });
});
