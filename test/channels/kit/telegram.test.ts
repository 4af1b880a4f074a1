import { kitTest } from "./kit-test.ts";
import telegram from "./telegram.ts";

kitTest(telegram, "gold");
