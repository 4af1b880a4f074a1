import type { CliContext } from "openclaw/plugin-sdk";

/** `2h 34m`, with the two units that matter. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  if (first < 0) return "0s";
  return units
    .slice(first, first + 2)
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
}

/** `token (configured)`: whether there is a secret, never which. */
export function authText({ mode, configured }: CliContext["gateway"]["auth"]): string {
  return mode === "none" ? "none" : `${mode} (${configured ? "configured" : "missing"})`;
}
