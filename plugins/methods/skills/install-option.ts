import { isRecord, textOf, textsOf } from "./record.ts";
import type { Fields } from "./record.ts";

const KINDS = ["brew", "node", "go", "uv", "download"] as const;

export type InstallKind = (typeof KINDS)[number];

/** One way to get what a skill needs. */
export interface InstallOption {
  readonly id: string;
  readonly kind: InstallKind;
  readonly label: string;
  readonly bins: readonly string[];
  readonly os: readonly string[];
  /** What the installer is asked for: a formula, a package, a module or an address. */
  readonly subject: string;
}

const SUBJECTS: Readonly<Record<InstallKind, string>> = {
  brew: "formula",
  node: "package",
  go: "module",
  uv: "package",
  download: "url",
};
/** Nothing that an installer could take for a flag. */
const SUBJECT = /^[@A-Za-z0-9][\w@./:+~^=-]{0,255}$/;

export function installsOf(given: unknown): InstallOption[] {
  const list = Array.isArray(given) ? (given as unknown[]).slice(0, 20) : [];
  return list.flatMap((item, index) => (isRecord(item) ? (optionOf(item, index) ?? []) : []));
}

function optionOf(item: Fields, index: number): InstallOption | undefined {
  const kind = KINDS.find((one) => one === item["kind"]);
  if (!kind) return undefined;
  const subject = textOf(item[SUBJECTS[kind]], 256);
  if (subject === undefined || !SUBJECT.test(subject)) return undefined;
  const id = textOf(item["id"], 64) ?? `${kind}-${index}`;
  const label = textOf(item["label"], 200) ?? `Install ${subject} (${kind})`;
  return { id, kind, label, bins: textsOf(item["bins"]), os: textsOf(item["os"]), subject };
}

/** The command that installs it, as arguments; nothing for what has to be fetched by hand. */
export function installCommand(
  { kind, subject }: InstallOption,
  nodeManager: "npm" | "pnpm" | "yarn" | "bun",
): readonly string[] | undefined {
  const node = {
    npm: ["npm", "install", "--global", "--ignore-scripts", subject],
    pnpm: ["pnpm", "add", "--global", "--ignore-scripts", subject],
    yarn: ["yarn", "global", "add", "--ignore-scripts", subject],
    bun: ["bun", "add", "--global", "--ignore-scripts", subject],
  }[nodeManager];
  const commands: Readonly<Record<InstallKind, readonly string[] | undefined>> = {
    brew: ["brew", "install", subject],
    node,
    go: ["go", "install", subject],
    uv: ["uv", "tool", "install", subject],
    download: undefined,
  };
  return commands[kind];
}
