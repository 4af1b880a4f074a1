import { holds } from "../rule.ts";
import type { KitRule } from "../rule.ts";

const CODE = /Pairing code: (\w{8})/;

/** Who is heard (channels.md §1.4). */
export const ACCESS: readonly KitRule[] = [
  {
    id: "C2",
    title: "a stranger gets one pairing code and no turn, the fourth one nothing",
    grade: "bronze",
    needs: ["strangers"],
    async check(bench) {
      const stage = await bench.stage();
      await stage.connected();

      for (const [index, from] of [2, 3, 4, 5, 2].entries()) {
        await stage.says("hello", { from });
        await stage.dropped({ "pairing-pending": index + 1 });
      }

      for (const number of [2, 3, 4, 5]) {
        const person = stage.person(number);
        await stage.flushed(person, stage.target(number));
        const codes = stage.sentTo(person).filter(({ text }) => CODE.test(text)).length;
        const wanted = number === 5 ? 0 : 1;
        const [told] = stage.sentTo(person).filter(({ text }) => CODE.test(text));
        holds(told === undefined || told.text.includes(person), `the pairing code for ${person} does not name the id`);
        holds(codes === wanted, `stranger ${person} got ${codes} pairing codes, not ${wanted}`);
      }
      holds(stage.model.asked.length === 0, "a stranger's message reached the model");
    },
  },
  {
    id: "C3",
    title: "who was approved is answered, where they wrote",
    grade: "bronze",
    needs: ["strangers"],
    async check(bench) {
      const stage = await bench.stage();
      await stage.connected();
      const person = stage.person(2);
      const before = await stage.says("hello", { from: 2 });
      const [asked] = await stage.until("a pairing code", () => {
        const found = stage.sentTo(person).filter(({ text }) => CODE.test(text));
        return found.length > 0 && found;
      });

      await stage.client.request("pairing.approve", {
        channel: stage.channel,
        code: CODE.exec(asked?.text ?? "")?.[1],
      });
      const said = await stage.says("hello again", { from: 2 });

      await stage.answered(said, person);
      stage.once(said);
      holds(stage.sent(before.answer).length === 0, "what was said before the approval was answered");
    },
  },
  {
    id: "C4",
    title: "allowlist, open and disabled mean what they say",
    grade: "bronze",
    needs: ["strangers"],
    async check(bench) {
      const network = await bench.network();
      const ann = network.person(1);
      const stage = await bench.stage({ section: { dmPolicy: "allowlist", allowFrom: [ann] } });
      await stage.connected();

      const unlisted = await stage.says("", { from: 2 });
      await stage.dropped({ "dm-not-allowed": 1 });
      const listed = await stage.says("", { from: 1 });
      await stage.answered(listed, ann);
      await stage.configure({ dmPolicy: "open", allowFrom: ["*"] });
      const anybody = await stage.says("", { from: 2 });
      await stage.answered(anybody, stage.person(2));
      await stage.configure({ dmPolicy: "disabled", allowFrom: [ann] });
      const unheard = await stage.says("", { from: 1 });
      await stage.dropped({ "dm-not-allowed": 1, "dm-disabled": 1 });

      await stage.flushed(ann, stage.target(1));
      await stage.flushed(stage.person(2), stage.target(2));
      stage.once(listed, anybody);
      for (const { mark, answer } of [unlisted, unheard]) {
        holds(stage.sent(answer).length === 0 && stage.model.turnsOf(mark) === 0, `${mark} was answered`);
      }
    },
  },
  {
    id: "C5",
    title: "another policy is in force at once, on the same connection",
    grade: "silver",
    needs: ["strangers"],
    async check(bench) {
      const network = await bench.network();
      const ann = network.person(1);
      const stage = await bench.stage({ section: { dmPolicy: "allowlist", allowFrom: [ann] } });
      const { lastStartAt } = await stage.connected();
      await stage.answered(await stage.says("", { from: 1 }), ann);
      const logins = network.logins();

      await stage.configure({ dmPolicy: "allowlist", allowFrom: [ann, stage.person(2)] });
      await stage.answered(await stage.says("", { from: 2 }), stage.person(2));

      holds(network.logins() === logins, "the account logged in again");
      holds((await stage.account()).lastStartAt === lastStartAt, "the account was started again");
    },
  },
];
