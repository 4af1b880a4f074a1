import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway, TestGatewayOptions } from "openclaw/plugin-sdk/testing";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * A gateway with nothing but the plugin `system` of the stock distro and these folders beside it, so that
 * a test of the wire does not depend on what else is in the distro.
 */
export async function startToyGateway(
  toys: readonly string[] = [],
  options: TestGatewayOptions = {},
): Promise<TestGateway> {
  const bundled = mkdtempSync(join(tmpdir(), "openclaw-toys-"));
  const add = (group: string, folder: string) => {
    mkdirSync(join(bundled, group), { recursive: true });
    symlinkSync(folder, join(bundled, group, basename(folder)));
  };
  add("methods", join(ROOT, "plugins", "methods", "system"));
  for (const toy of toys) add("toys", join(import.meta.dirname, toy));
  const gateway = await startTestGateway({ bundled, ...options });
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      rmSync(bundled, { recursive: true, force: true });
    },
  };
}
