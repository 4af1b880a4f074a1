import { join } from "node:path";
import { loadChannelKit } from "openclaw/plugin-sdk/testing";
import { kitTest } from "./kit-test.ts";

const path = join(import.meta.dirname, "../../../examples/custom-channel");

kitTest(await loadChannelKit(path), "silver", path);
