import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "../../../error.ts";
import { Broken, holds, NotApplicable } from "../rule.ts";
import type { KitRule } from "../rule.ts";
import { heard } from "../heard.ts";

const LINES = 400;
/** A picture of one pixel, and what follows it: pictures may have anything behind their end. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

/** The way out. */
export const ANSWERS: readonly KitRule[] = [
  {
    id: "C10",
    title: "a long answer is cut into messages that the network takes, whole blocks of code in each",
    grade: "bronze",
    async check(bench) {
      const stage = await heard(bench);
      const ann = stage.person(1);
      const numbered = Array.from({ length: LINES }, (_, index) => `line ${index} of ${LINES}: a < b && c`);
      stage.model.answer = (mark) => `about ${mark}\n\n\`\`\`js\n${numbered.join("\n")}\n\`\`\`\n\nthe end of ${mark}`;

      const { mark } = await stage.says("", { from: 1 });
      await stage.until("the end of the answer", () => stage.sent(`the end of ${mark}`, ann).length > 0);

      const parts = stage.sentTo(ann).map(({ text }) => text);
      const tooLong = parts.find((text) => text.length > bench.textLimit);
      holds(tooLong === undefined, `a message has ${tooLong?.length} characters, more than ${bench.textLimit}`);
      const found = [...parts.join("\n").matchAll(/line (\d+) of \d+/g)].map(([, number]) => Number(number));
      holds(
        found.length === LINES && found.every((number, index) => number === index),
        `of ${LINES} lines ${found.length} arrived, or not in their order`,
      );
      for (const text of parts) {
        const fences = text.split("```").length - 1;
        const opened = text.split("<pre").length - text.split("</pre>").length;
        holds(fences % 2 === 0 && opened === 0, "a message begins or ends in the middle of a block of code");
      }
    },
  },
  {
    id: "C11",
    title: "files come in as they are, within the limit, and go out with their text on them",
    grade: "gold",
    needs: ["media"],
    async check(bench) {
      const stage = await heard(bench, {}, { mediaMaxMb: 0.02 });
      const ann = stage.person(1);
      const inbound = join(stage.gateway.stateDir, "media", "inbound");
      const small = Buffer.concat([PIXEL, Buffer.from("small")]);
      const file = (name: string, bytes: Buffer) => ({ name, type: "image/png" as const, bytes });

      const seen = await stage.says("look", { from: 1, file: file("small.png", small) });
      await stage.answered(seen, ann);
      const saved = readdirSync(inbound).map((name) => ({ name, bytes: readFileSync(join(inbound, name)) }));
      holds(saved.length === 1, `${saved.length} files were saved, not one`);
      holds(saved[0]?.bytes.equals(small) === true, "the file that was saved is another one");
      holds(saved[0].name.endsWith(".png"), `a picture was saved as ${saved[0].name}`);
      const large = await stage.says("", {
        from: 1,
        file: file("large.png", Buffer.concat([PIXEL, Buffer.alloc(60_000)])),
      });
      await stage.answered(large, ann);
      holds(readdirSync(inbound).length === 1, "a file over the limit was saved");
      stage.once(seen, large);

      mkdirSync(bench.workspace, { recursive: true });
      writeFileSync(join(bench.workspace, "cat.png"), PIXEL);
      await stage.client.request("send", {
        channel: stage.channel,
        to: stage.target(1),
        message: "a cat for you",
        mediaUrl: "cat.png",
        idempotencyKey: "kit-cat",
      });
      const [sent] = await stage.until("the file and its text", () => {
        const all = stage.sent("a cat for you", ann);
        return all.length > 0 && all;
      });
      holds((sent?.files ?? []).length === 1, "the text did not go out on the file");
      const size = sent?.files?.[0]?.size;
      holds(size === undefined || size === PIXEL.length, `the file that went out has ${size} bytes`);
    },
  },
  {
    id: "C12",
    title: "a send that the network wants later is made once, after the pause it asked for",
    grade: "silver",
    needs: ["rate-limit"],
    async check(bench) {
      const stage = await heard(bench);
      const ann = stage.person(1);
      const pauseMs = stage.network.rateLimitMs ?? 1_000;

      await bench.mode("rate-limit", "rate-limit");
      const startedAt = performance.now();
      const said = await stage.says("", { from: 1 });
      await stage.answered(said, ann);
      const waitedMs = performance.now() - startedAt;

      await stage.flushed(ann, stage.target(1));
      stage.once(said);
      holds(waitedMs >= pauseMs * 0.9, `it was sent ${Math.round(waitedMs)} ms later; asked were ${pauseMs} ms`);
    },
  },
  {
    id: "C18",
    title: "send with one key twice is one message, and one result",
    grade: "bronze",
    async check(bench) {
      const stage = await heard(bench);
      const params = { channel: stage.channel, to: stage.target(1), message: "only once", idempotencyKey: "kit-once" };
      const send = () => stage.client.request<{ readonly messageId?: string }>("send", params);

      const [first, second] = await Promise.all([send(), send()]);
      const third = await send();

      await stage.flushed(stage.person(1), stage.target(1));
      const sent = stage.sent("only once").length;
      holds(sent === 1, `it arrived ${sent} times`);
      const ids = new Set([first, second, third].map(({ messageId }) => messageId));
      holds(ids.size === 1 && !ids.has(undefined), `the results name ${[...ids].map(String).join(", ")}`);
    },
  },
  {
    id: "C20",
    title: "what the network cannot do is refused by name, and what is promised is done",
    grade: "bronze",
    async check(bench) {
      const stage = await heard(bench);
      const about = { channel: stage.channel, to: stage.target(1) };
      const said = await stage.says("", { from: 1 });
      await stage.answered(said, stage.person(1));
      let refused = 0;
      const tried = async (method: string, params: object): Promise<boolean> => {
        try {
          await stage.client.request(method, { ...about, ...params, idempotencyKey: `kit-${method}` });
          return true;
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          holds(error.code === "INVALID_REQUEST", `${method} ended with ${error.code}: ${error.message}`);
          refused++;
          return false;
        }
      };

      if (await tried("poll", { question: "tea or coffee?", options: ["tea", "coffee"] })) {
        await stage.until("the poll", () => stage.sent("tea or coffee?").length > 0);
      }
      for (const [method, params] of [
        ["message.react", { messageId: said.id, emoji: "👍" }],
        ["message.edit", { message: "another text" }],
        ["message.delete", {}],
      ] as const) {
        await tried(method, params);
      }
      if (refused === 0) throw new NotApplicable("the network can do everything that the kit knows to ask for");
    },
  },
  {
    id: "F35",
    title: "a send whose answer is lost is not shown twice",
    grade: "bronze",
    needs: ["answers"],
    async check(bench) {
      const stage = await heard(bench);

      await bench.mode("lost", "answers");
      const sending = stage.client.request("send", {
        channel: stage.channel,
        to: stage.target(1),
        message: "once, please",
        idempotencyKey: "kit-lost",
      });
      await stage.until("the message", () => stage.sent("once, please").length > 0);
      await sending.catch((error: unknown) => {
        if (!(error instanceof GatewayError)) throw error;
      });
      await stage.connected();
      await stage.flushed(stage.person(1), stage.target(1));

      const sent = stage.sent("once, please").length;
      if (sent !== 1) throw new Broken(`it was shown ${sent} times`);
    },
  },
];
