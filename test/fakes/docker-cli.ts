import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What `docker` keeps of a container here. */
export interface FakeContainer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly image: string;
  readonly running: boolean;
  readonly created: string;
  /** Folder of this machine that is `/workspace` inside. */
  readonly workspace: string;
  /** Every option of `create`, in order. */
  readonly options: readonly (readonly [string, string])[];
}

const FLAGS = new Set(["--init", "--read-only", "--interactive", "-i", "--force", "-f", "--all", "-a", "--no-trunc"]);

/** Process groups of commands that run in a container. A client that dies leaves them alone, as the real one does. */
export function groupsOf(folder: string, name: string): number[] {
  const place = join(folder, `groups-${name}`);
  const groups = existsSync(place) ? readdirSync(place).map(Number) : [];
  return groups.filter((group) => {
    try {
      process.kill(-group, 0);
      return true;
    } catch {
      // Nobody of it is left.
      return false;
    }
  });
}

/** `docker <words>` with its containers in `folder`. */
function main([folder = "", ...words]: readonly string[]): void {
  const [verb = "", ...rest] = words;
  appendFileSync(join(folder, "calls.jsonl"), `${JSON.stringify(words)}\n`);
  const trouble = readdirSync(join(folder, "fail")).find((name) =>
    words.join("_").replaceAll(/\W+/g, "_").startsWith(name),
  );
  if (trouble !== undefined) return fail(readFileSync(join(folder, "fail", trouble), "utf8"));
  const { options, args } = parse(rest, verb);
  const fileOf = (name: string) => join(folder, "containers", `${name}.json`);
  const find = (name = "") => {
    return existsSync(fileOf(name)) ? (JSON.parse(readFileSync(fileOf(name), "utf8")) as FakeContainer) : undefined;
  };
  const save = (container: FakeContainer) => writeFileSync(fileOf(container.name), JSON.stringify(container));
  const [name = ""] = args;
  const container = find(name);
  const end = () => {
    for (const group of groupsOf(folder, name)) process.kill(-group, "SIGKILL");
  };

  if (verb === "version") return say("27.0.0");
  if (verb === "create") return create({ folder, options, args, save, isTaken: (one) => find(one) !== undefined });
  if (verb === "ps") {
    const [, label = ""] = /^label=(.*)$/.exec(all(options, "--filter")[0] ?? "") ?? [];
    const [key = "", value] = label.split("=");
    const found = readdirSync(join(folder, "containers"))
      .map((file) => find(file.slice(0, -".json".length)) as FakeContainer)
      .filter((one) => one.labels[key] === value);
    return say(found.map((one) => one.name).join("\n"));
  }
  if (!container && verb === "inspect") {
    process.stdout.write("[]\n");
    return fail(`Error: No such container: ${name}`);
  }
  if (!container) return fail(`Error response from daemon: No such container: ${name}`);
  switch (verb) {
    case "inspect":
      return say(JSON.stringify([inspected(container)]));
    case "start":
      save({ ...container, running: true });
      return say(name);
    case "restart":
      end();
      save({ ...container, running: true });
      return say(name);
    case "rm":
      end();
      rmSync(fileOf(name));
      return say(name);
    case "exec":
      if (!container.running) return fail(`Error response from daemon: container ${name} is not running`);
      return exec(folder, container, options, args.slice(1));
    default:
      return fail(`docker: '${verb}' is not a docker command.`);
  }
}

function create(about: {
  folder: string;
  options: readonly (readonly [string, string])[];
  args: readonly string[];
  save: (container: FakeContainer) => void;
  isTaken: (name: string) => boolean;
}): void {
  const { options, args } = about;
  const [image = ""] = args;
  const [name = "nameless"] = all(options, "--name");
  const images = JSON.parse(readFileSync(join(about.folder, "images.json"), "utf8")) as string[];
  if (!images.includes(image)) return fail(`Error response from daemon: No such image: ${image}`);
  if (about.isTaken(name)) return fail(`Error response from daemon: Conflict. The container name "/${name}" is in use`);
  const mount = all(options, "--mount").find((one) => one.includes("target=/workspace")) ?? "";
  about.save({
    name,
    labels: pairs(all(options, "--label")),
    env: pairs(all(options, "--env")),
    image,
    running: false,
    created: new Date().toISOString(),
    workspace: /source=([^,]*)/.exec(mount)?.[1] ?? "",
    options,
  });
  say("0123456789abcdef");
}

function exec(
  folder: string,
  { name, workspace, env }: FakeContainer,
  options: readonly (readonly [string, string])[],
  [program = "", ...args]: readonly string[],
): void {
  const [workdir = "/workspace"] = all(options, "--workdir");
  const cwd = workdir.replace(/^\/workspace/, workspace);
  if (!existsSync(cwd)) {
    process.stderr.write(
      `OCI runtime exec failed: exec failed: chdir to cwd ("${workdir}"): no such file or directory\n`,
    );
    process.exitCode = 126;
    return;
  }
  const child = spawn(program, args, {
    cwd,
    env: { PATH: "/usr/bin:/bin", ...env, ...pairs(all(options, "--env")) },
    stdio: [
      options.some(([key]) => key === "--interactive" || key === "-i") ? "inherit" : "ignore",
      "inherit",
      "inherit",
    ],
    detached: true,
  });
  const groups = join(folder, `groups-${name}`);
  mkdirSync(groups, { recursive: true });
  writeFileSync(join(groups, String(child.pid)), "");
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGKILL" ? 137 : signal === "SIGINT" ? 130 : 143);
  });
}

function inspected({ name, labels, image, running, created }: FakeContainer): object {
  return { Name: `/${name}`, Created: created, State: { Running: running }, Config: { Image: image, Labels: labels } };
}

/** Options up to the first word that is none, which is where the words of the container begin. */
function parse(words: readonly string[], verb: string): { options: [string, string][]; args: string[] } {
  const options: [string, string][] = [];
  let at = 0;
  while (at < words.length && words[at]?.startsWith("-")) {
    const word = words[at++] as string;
    const [key, value] = /^(--[a-z-]+)=(.*)$/s.exec(word)?.slice(1) ?? [word];
    if (key === undefined || FLAGS.has(key)) options.push([word, ""]);
    else if (value !== undefined) options.push([key, value]);
    else options.push([key, words[at++] ?? ""]);
  }
  if (verb === "") return { options, args: [] };
  return { options, args: words.slice(at) };
}

function all(options: readonly (readonly [string, string])[], key: string): string[] {
  return options.flatMap(([one, value]) => (one === key ? [value] : []));
}

function pairs(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

if (import.meta.main) main(process.argv.slice(2));
