import { holds } from "../rule.ts";
import type { KitRule } from "../rule.ts";

/** Places with several people (channels.md §1.5, §1.6, §1.15). */
export const GROUPS: readonly KitRule[] = [
  {
    id: "C6",
    title: "a group is heard when it is listed and the bot is mentioned, and what was said before is told",
    grade: "gold",
    needs: ["groups"],
    async check(bench) {
      const group = await bench.part("group", "groups");
      const senders = { groupAllowFrom: [(await bench.network()).person(1)] };
      const stage = await bench.stage({ section: { ...senders, ...group.unlisted } });
      await stage.connected();

      const unlisted = await stage.says("", { from: 1, inGroup: true, mentionsBot: true });
      await stage.dropped({ "group-not-listed": 1 });
      await stage.configure({ ...senders, ...group.listed });
      const unmentioned = await stage.says("lunch is at noon", { from: 1, inGroup: true });
      await stage.dropped({ "group-not-listed": 1, "no-mention": 1 });
      const mentioned = await stage.says("when is lunch?", { from: 1, inGroup: true, mentionsBot: true });
      await stage.answered(mentioned, group.id);

      await stage.flushed(group.id, group.target ?? group.id);
      stage.once(mentioned);
      for (const { mark, answer } of [unlisted, unmentioned])
        holds(stage.sent(answer).length === 0 && stage.model.turnsOf(mark) === 0, `${mark} was answered`);
      const asked = stage.model.asked.find((question) => question.includes(mentioned.mark)) ?? "";
      holds(asked.includes("lunch is at noon"), "the turn was not told what was said in the group before");
    },
  },
  {
    id: "C7",
    title: "a command in a group is for those who may use it, and needs no mention",
    grade: "gold",
    needs: ["groups"],
    async check(bench) {
      const group = await bench.part("group", "groups");
      const senders = { groupPolicy: "open", groupAllowFrom: [(await bench.network()).person(1)] };
      const stage = await bench.stage({ section: { ...senders, ...group.listed } });
      await stage.connected();

      await stage.network.says({ from: 2, text: "/whoami", inGroup: true });
      await stage.dropped({ "command-unauthorized": 1 });
      await stage.flushed(group.id, group.target ?? group.id);
      holds(stage.sentTo(group.id).length === 1, "a command of somebody who may not use it was answered");
      await stage.network.says({ from: 1, text: "/whoami", inGroup: true });

      await stage.until("an answer to the command", () => stage.sentTo(group.id).length > 1);
      holds(stage.model.asked.length === 0, "a command reached the model");
    },
  },
];
