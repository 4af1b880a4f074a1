import { deviceCommand, durationMs, given } from "./device-command.ts";

/** `openclaw nodes location get` (cli.md §7). */
export default deviceCommand({
  command: "location.get",
  timeoutMs: 20_000,
  options: {
    accuracy: { type: "string", describe: "how exactly", choices: ["coarse", "balanced", "precise"] },
    "max-age": { type: "string", describe: "a place known for no longer than this will do, such as 5m" },
    "location-timeout": { type: "string", describe: "time to find it, such as 10s" },
  },
  params: (args) => ({
    ...given(args, { accuracy: "desiredAccuracy" }),
    maxAgeMs: durationMs(args["max-age"], "max-age"),
    timeoutMs: durationMs(args["location-timeout"], "location-timeout"),
  }),
});
