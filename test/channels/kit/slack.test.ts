import { kitTest } from "./kit-test.ts";
import slack from "./slack.ts";

kitTest(slack, "gold");
