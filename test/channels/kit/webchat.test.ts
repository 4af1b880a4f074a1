import { kitTest } from "./kit-test.ts";
import webchat from "./webchat.ts";

kitTest(webchat, "gold");
