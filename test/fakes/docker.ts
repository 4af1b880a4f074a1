import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { groupsOf } from "./docker-cli.ts";
import type { FakeContainer } from "./docker-cli.ts";

/** A `docker` on the `PATH` that keeps its containers in a folder, and runs what is run in them on this machine. */
export interface FakeDocker extends Disposable {
  /** Every call since the last look, as words. */
  calls(verb?: string): string[][];
  forget(): void;
  containers(): FakeContainer[];
  /** Groups of processes that `docker exec` has started in a container and that are still there. */
  groups(name: string): number[];
  /** What a call answers that begins with `words`: text on stderr, and 1. `undefined`: as usual. */
  fail(words: string, text: string | undefined): void;
  /** Change a container as something else than the gateway does. */
  change(name: string, to: Partial<FakeContainer> | undefined): void;
  /** Take it from the `PATH`, or put it back. */
  setInstalled(isInstalled: boolean): void;
}

export function startFakeDocker({ images = ["openclaw-sandbox:bookworm-slim"] } = {}): FakeDocker {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-docker-"));
  const bin = join(folder, "bin");
  for (const name of ["bin", "containers", "fail"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "images.json"), JSON.stringify(images));
  const cli = fileURLToPath(new URL("docker-cli.ts", import.meta.url));
  // It is started for every step: most of what that takes is saved.
  const cache = process.env["NODE_COMPILE_CACHE"] ?? join(folder, "cache");
  writeFileSync(
    join(bin, "docker"),
    `#!/bin/sh\nNODE_COMPILE_CACHE='${cache}' exec '${process.execPath}' '${cli}' '${folder}' "$@"\n`,
  );
  chmodSync(join(bin, "docker"), 0o755);
  const before = process.env["PATH"] ?? "";
  // One that is really there must not be met.
  const others = before.split(delimiter).filter((one) => one !== "" && !existsSync(join(one, "docker")));
  const setInstalled = (isInstalled: boolean) => {
    process.env["PATH"] = (isInstalled ? [bin, ...others] : others).join(delimiter);
  };
  setInstalled(true);
  const callsFile = join(folder, "calls.jsonl");
  const fileOf = (name: string) => join(folder, "containers", `${name}.json`);
  const read = (name: string) => JSON.parse(readFileSync(fileOf(name), "utf8")) as FakeContainer;
  const names = () => readdirSync(join(folder, "containers")).map((file) => file.slice(0, -".json".length));

  return {
    calls(verb) {
      if (!existsSync(callsFile)) return [];
      const lines = readFileSync(callsFile, "utf8").trim().split("\n");
      const all = lines.map((line) => JSON.parse(line) as string[]);
      return verb === undefined ? all : all.filter(([first]) => first === verb);
    },
    forget: () => rmSync(callsFile, { force: true }),
    containers: () => names().map(read),
    groups: (name) => groupsOf(folder, name),
    fail(words, text) {
      const file = join(folder, "fail", words.replaceAll(/\W+/g, "_"));
      if (text === undefined) rmSync(file, { force: true });
      else writeFileSync(file, text);
    },
    change(name, to) {
      if (to) writeFileSync(fileOf(name), JSON.stringify({ ...read(name), ...to }));
      else rmSync(fileOf(name));
    },
    setInstalled,
    [Symbol.dispose]() {
      for (const name of names()) for (const group of groupsOf(folder, name)) process.kill(-group, "SIGKILL");
      process.env["PATH"] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
