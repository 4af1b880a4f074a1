import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { Containers } from "../../plugins/tools/tools-sandbox/containers.ts";
import type { ContainerPlan } from "../../plugins/tools/tools-sandbox/container-plan.ts";
import { Docker } from "../../plugins/tools/tools-sandbox/docker.ts";
import { startFakeDocker } from "../fakes/docker.ts";

function planOf(name: string): ContainerPlan {
  const labels = { "openclaw.gateway": "g", "openclaw.scope": name, "openclaw.config": "c" };
  const words = Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`);
  const image = "openclaw-sandbox:bookworm-slim";
  const mount = `--mount=type=bind,source=${tmpdir()},target=/workspace`;
  const create = ["create", `--name=${name}`, ...words, mount, image, "sleep", "infinity"];
  return { name, scopeKey: name, configHash: "c", create, image, setupCommand: undefined };
}

test("there are never more containers than so many: the oldest that nobody uses goes, one in use never", async () => {
  using docker = startFakeDocker();
  const containers = new Containers(new Docker(), "g", { of: new Map(), turns: new Map() }, 2);
  const names = () => docker.containers().map(({ name }) => name);

  await Promise.all([containers.acquire(planOf("a")), containers.acquire(planOf("a"))]);
  await containers.acquire(planOf("b"));
  const full = await containers.acquire(planOf("c")).then(
    () => "made",
    (error: Error) => error.message,
  );
  containers.release("a");
  assert.ok(containers.isUsed("a"));
  containers.release("a");
  await containers.acquire(planOf("c"));

  assert.match(full, /commands run in 2 others already; try again when one of them has ended/);
  assert.deepEqual(names(), ["b", "c"]);
  assert.equal(docker.calls("create").length, 3);
});
