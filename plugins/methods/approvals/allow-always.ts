import { homedir } from "node:os";
import type { ExecAction } from "openclaw/plugin-sdk";
import { checkAllowlist, runsOthers } from "openclaw/plugin-sdk/exec";
import type { ExecApprovals } from "openclaw/plugin-sdk/exec";

/**
 * From now on the programs of a command run on the gateway's host without asking. Which ones is found here: what an
 * asker says of their paths is no reason to trust them. A line that could not be looked through names none, and a
 * program that runs others would let them all in. Nodes keep their own list.
 */
export async function allowAlways(
  { command, cwd = homedir(), host, agentId = "main" }: ExecAction,
  file: ExecApprovals,
): Promise<void> {
  if (host !== "gateway") return;
  const place = { cwd, path: process.env["PATH"] ?? "" };
  const { programs } = await checkAllowlist(["/bin/sh", "-c", command], { allowlist: [] }, place);
  for (const path of programs) if (!runsOthers(path)) await file.allow(agentId, path, command);
}
