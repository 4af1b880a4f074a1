import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError, writeFileAtomic } from "openclaw/plugin-sdk";
import type { CliContext, CliOption } from "openclaw/plugin-sdk";

interface Media {
  readonly format: string;
  readonly base64: string;
}

export const OUT_OPTION: Readonly<Record<"out", CliOption>> = {
  out: { type: "string", describe: "file to write; by default a new one among the temporary files" },
};

/** Write what a node recorded into a file and print where it is. */
export async function saveMedia(payload: unknown, { args, print }: CliContext): Promise<void> {
  const { format, base64, ...rest } = (payload ?? {}) as Partial<Media> & Record<string, unknown>;
  if (typeof base64 !== "string" || !/^[a-z0-9]{1,8}$/i.test(format ?? "")) {
    throw new CliError("the node sent no media", { code: "NODE_ANSWER", details: { keys: Object.keys(rest) } });
  }
  const out = args["out"] as string | undefined;
  const path = out ?? join(tmpdir(), `openclaw-${randomUUID()}.${format}`);
  const bytes = Buffer.from(base64, "base64");
  await writeFileAtomic(path, bytes);
  print({ path, format, bytes: bytes.length, ...rest }, `MEDIA:${path}`);
}
