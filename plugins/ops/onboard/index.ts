import { definePlugin } from "openclaw/plugin-sdk";

/** Everything is in the commands: a gateway that runs has been set up. */
export default definePlugin(() => {});
