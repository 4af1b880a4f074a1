import { kitTest } from "./kit-test.ts";
import whatsapp from "./whatsapp.ts";

kitTest(whatsapp, "gold");
