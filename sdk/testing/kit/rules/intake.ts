import { holds } from "../rule.ts";
import type { KitRule } from "../rule.ts";
import { heard, PEOPLE } from "../heard.ts";

const DEBOUNCE_MS = 1_000;
const RELOADS = 3;

/** The way in: once, whole, in order, and nothing breaks it. */
export const INTAKE: readonly KitRule[] = [
  {
    id: "C8",
    title: "a message that is delivered twice has one turn and one answer",
    grade: "bronze",
    async check(bench) {
      const stage = await heard(bench);
      const ann = stage.person(1);

      const first = await stage.says("", { from: 1 });
      await stage.network.says({ from: 1, text: first.mark, again: first.id });
      await stage.answered(first, ann);
      await stage.network.says({ from: 1, text: first.mark, again: first.id });
      const last = await stage.says("", { from: 1 });
      await stage.answered(last, ann);

      await stage.flushed(ann, stage.target(1));
      stage.once(first, last);
    },
  },
  {
    id: "C9",
    title: "three quick texts are one turn with three lines where the gateway waits for more",
    grade: "silver",
    async check(bench) {
      const stage = await heard(bench, {
        messages: {
          queue: { mode: "followup" },
          inbound: { debounceMs: DEBOUNCE_MS * Math.max(1, bench.options.patience) },
        },
      });
      const ann = stage.person(1);

      const first = await stage.says("", { from: 1 });
      const second = await stage.says("", { from: 1 });
      const third = await stage.says("", { from: 1 });
      await stage.answered(third, ann);

      stage.once(third);
      const asked = stage.model.asked.find((question) => question.includes(third.mark)) ?? "";
      const places = [first, second, third].map(({ mark }) => asked.indexOf(mark));
      holds(
        places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1)),
        "the turn did not hear the three texts in their order",
      );
    },
  },
  {
    id: "F19",
    title: "the plugin is loaded anew while messages come: each is answered once",
    grade: "silver",
    async check(bench) {
      const stage = await heard(bench);
      const all = [];
      for (let round = 0; round <= RELOADS; round++) {
        for (const from of PEOPLE) all.push({ from, said: await stage.says("", { from }) });
        if (round === RELOADS) break;
        const { ok, error } = await stage.client.request<{ readonly ok: boolean; readonly error?: string }>(
          "plugins.reload",
          { id: bench.kit.plugin ?? bench.kit.channel },
          { timeoutMs: 60_000 },
        );
        holds(ok, `the plugin was not loaded anew: ${error}`);
        await stage.connected();
      }

      for (const { from, said } of all) await stage.answered(said, stage.person(from));
      for (const from of PEOPLE) await stage.flushed(stage.person(from), stage.target(from));
      stage.once(...all.map(({ said }) => said));
    },
  },
  {
    id: "F25",
    title: "events that make no sense break nothing: the next message is answered",
    grade: "bronze",
    needs: ["events"],
    async check(bench) {
      await bench.part("garbage", "events");
      const stage = await heard(bench);
      const { lastStartAt } = await stage.account();
      const logins = stage.network.logins();

      await stage.network.garbage?.();
      const said = await stage.says("", { from: 1 });
      await stage.until(
        `an answer to ${said.mark}`,
        () => stage.sent(said.answer).length > 0 || stage.network.logins() > logins,
      );

      holds(stage.network.logins() === logins, "the account logged in again because of one broken event");
      await stage.answered(said, stage.person(1));
      await stage.flushed(stage.person(1), stage.target(1));
      stage.once(said);
      holds((await stage.account()).lastStartAt === lastStartAt, "the account ended because of one broken event");
      const fault = stage.log().find(({ msg }) => msg.startsWith("fault of plugin"));
      holds(fault === undefined, `the plugin is blamed in the log: ${fault?.msg}`);
    },
  },
  {
    id: "R01",
    title: "a message is acknowledged once it is kept: one that came while nothing could be stored is not lost",
    grade: "platinum",
    needs: ["redelivery"],
    async check(bench) {
      const stage = await heard(bench);
      await stage.answered(await stage.says("", { from: 1 }), stage.person(1));

      const unlock = stage.lockStore();
      const said = await stage.says("", { from: 1 });
      await stage.pause(STORE_GIVES_UP_MS);
      unlock();
      if (bench.kit.lacks?.connection === undefined) {
        await bench.mode("drop", "connection");
        await stage.until("the account is not connected", async () => !(await stage.account()).connected);
        await bench.mode("ok", "connection");
      }

      await stage.answered(said, stage.person(1));
      await stage.flushed(stage.person(1), stage.target(1));
      stage.once(said);
    },
  },
  {
    id: "R23",
    title: "the gateway is stopped and started in the middle of it: each message is answered once",
    grade: "gold",
    async check(bench) {
      const before = await heard(bench);
      before.model.delayMs = 200;
      const all = [];
      for (const from of PEOPLE) all.push({ from, said: await before.says("", { from }) });
      await before.until("a turn runs", () => before.model.asked.length > 0);
      await before.gateway.run.stop("the kit starts it again");
      if (bench.kit.lacks?.backlog === undefined)
        for (const from of PEOPLE) all.push({ from, said: await before.says("", { from }) });

      const after = await heard(bench);

      for (const { from, said } of all) await after.answered(said, after.person(from));
      for (const from of PEOPLE) await after.flushed(after.person(from), after.target(from));
      for (const { said } of all) {
        const answers = after.sent(said.answer).length;
        holds(answers === 1, `${said.mark} was answered ${answers} times, not once`);
      }
    },
  },
];

/** Longer than one write waits for its turn (reliability.md §10). */
const STORE_GIVES_UP_MS = 2_500;
