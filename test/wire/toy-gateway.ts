import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway, TestGatewayOptions } from "openclaw/plugin-sdk/testing";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * A gateway with nothing but the plugin `system` of the stock distro and these folders beside it, so that
 * a test of the wire does not depend on what else is in the distro. Nothing stays, also when it does not start.
 */
export async function startToyGateway(
  toys: readonly string[] = [],
  options: Pick<TestGatewayOptions, "config" | "options"> = {},
): Promise<TestGateway> {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-toys-"));
  const bundled = join(folder, "distro");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const add = (group: string, plugin: string) => {
    mkdirSync(join(bundled, group), { recursive: true });
    symlinkSync(plugin, join(bundled, group, basename(plugin)));
  };
  try {
    add("methods", join(ROOT, "plugins", "methods", "system"));
    for (const toy of toys) add("toys", join(import.meta.dirname, toy));
    const gateway = await startTestGateway({ config: {}, ...options, bundled, home: join(folder, "home") });
    return {
      ...gateway,
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
