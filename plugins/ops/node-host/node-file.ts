import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, writeFileAtomic } from "openclaw/plugin-sdk";

/** `node.json` of the state directory: which gateway this machine serves, and under what name (state.md §1). */
export interface NodeFile {
  readonly version: 1;
  /** Tells this node from another one on the same machine. */
  readonly nodeId?: string;
  readonly displayName?: string;
  readonly gateway?: {
    readonly host: string;
    readonly port: number;
    readonly tls: boolean;
    readonly tlsFingerprint?: string;
  };
}

export function readNodeFile(stateDir: string): NodeFile {
  let text: string;
  try {
    text = readFileSync(join(stateDir, "node.json"), "utf8");
  } catch {
    // The first run, or a folder that cannot be read: the flags say everything.
    return { version: 1 };
  }
  try {
    return JSON.parse(text) as NodeFile;
  } catch (cause) {
    throw new CliError("cannot read node.json; mend or remove it", { code: "STATE_BROKEN", cause });
  }
}

export async function writeNodeFile(stateDir: string, file: NodeFile): Promise<void> {
  await writeFileAtomic(join(stateDir, "node.json"), `${JSON.stringify(file, null, 2)}\n`);
}
