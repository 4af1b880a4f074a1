import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface PortOwner {
  readonly pid: number;
  readonly command: string;
}

/** Who listens on `port` of this host, as far as it can be found out. */
export function portOwners(port: number): PortOwner[] {
  const pids = process.platform === "linux" ? fromProc(port) : fromLsof(port);
  return [...new Set(pids)].map((pid) => ({ pid, command: commandOf(pid) }));
}

/** Linux: the socket's inode from /proc/net, its holder from /proc/<pid>/fd. */
function fromProc(port: number): number[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const row of lines(table)) {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      if (state === "0A" && local?.endsWith(`:${wanted}`) && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return [];
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => entries(`/proc/${pid}/fd`).some((fd) => inodes.has(target(`/proc/${pid}/fd/${fd}`))))
    .map(Number);
}

function fromLsof(port: number): number[] {
  // Loaded on use: it takes 10 ms of every start otherwise.
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  try {
    const out = execFileSync("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fp"], {
      encoding: "utf8",
      timeout: 5_000,
    });
    return [...out.matchAll(/^p(\d+)$/gm)].map((match) => Number(match[1]));
  } catch {
    // Absent, or nobody listens: either way there is no one to name.
    return [];
  }
}

function commandOf(pid: number): string {
  if (process.platform !== "linux") return "";
  return lines(`/proc/${pid}/cmdline`).join("").replaceAll("\0", " ").trim();
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}

function target(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed meanwhile.
    return "";
  }
}
