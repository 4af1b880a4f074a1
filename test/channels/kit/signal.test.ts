import { kitTest } from "./kit-test.ts";
import signal from "./signal.ts";

kitTest(signal, "gold");
