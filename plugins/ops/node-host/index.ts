import { definePlugin } from "openclaw/plugin-sdk";

/** Everything it does is a command line of its own; nothing of it runs inside a gateway. */
export default definePlugin(() => undefined);
