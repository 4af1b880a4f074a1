import { resolve } from "node:path";
import { CliError, defineCommand, errorText } from "openclaw/plugin-sdk";

const GRADES = ["bronze", "silver", "gold", "platinum"];

/** `openclaw plugins test <path>`: exit 1 when a rule is broken, or the grade that was asked for is not reached. */
export default defineCommand({
  anyConfig: true,
  local: true,
  options: {
    grade: { type: "string", describe: "be content with this grade, whatever fails above it", choices: GRADES },
    only: { type: "string", describe: "check these rules only, such as C8,R01" },
    patience: { type: "number", describe: "make all limits of time so many times longer", default: 1 },
  },
  async run({ args, json, note, print }) {
    const path = resolve(String(args["path"]));
    const { loadChannelKit, reportText, runChannelKit } = await import("openclaw/plugin-sdk/testing");
    const kit = await loadChannelKit(path).catch((error: unknown) => {
      throw new CliError(errorText(error), { exitCode: 2, code: "INVALID_REQUEST", hint: "docs/write-a-channel.md" });
    });
    const only = args["only"] as string | undefined;
    const report = await runChannelKit(kit, {
      path,
      patience: args["patience"] as number,
      ...(only !== undefined && { only: only.toUpperCase().split(",") }),
      ...(!json && { onResult: ({ id, outcome }) => note(`${id} ${outcome}`) }),
    }).catch((error: unknown) => {
      throw new CliError(errorText(error), { exitCode: 2, code: "INVALID_REQUEST" });
    });
    print(report, reportText(report));
    const wanted = args["grade"] as string | undefined;
    const isEnough =
      wanted === undefined ? report.failed === 0 : GRADES.indexOf(report.grade) >= GRADES.indexOf(wanted);
    return isEnough ? 0 : 1;
  },
});
