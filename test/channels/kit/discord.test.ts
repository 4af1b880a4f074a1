import discord from "./discord.ts";
import { kitTest } from "./kit-test.ts";

kitTest(discord, "gold");
