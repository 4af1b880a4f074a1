import type { Bench } from "./bench.ts";
import type { Stage } from "./stage.ts";

/** People that are let in. */
export const PEOPLE = [1, 2, 3];

/** A gateway that hears the first three people, connected. */
export async function heard(bench: Bench, rest: object = {}, section: object = {}): Promise<Stage> {
  const stage = await bench.stage({ section: { ...(await letIn(bench)), ...section }, rest });
  await stage.connected();
  return stage;
}

/** Keys of a section that let them in. */
export async function letIn(bench: Bench): Promise<object> {
  if (bench.kit.lacks?.strangers !== undefined) return {};
  const network = await bench.network();
  return { dmPolicy: "allowlist", allowFrom: PEOPLE.map((number) => network.person(number)) };
}
