import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { errorText } from "openclaw/plugin-sdk";
import type { SandboxCommand, SandboxRun } from "openclaw/plugin-sdk";
import { SANDBOX_WORKSPACE } from "openclaw/plugin-sdk/workspace";
import type { ContainerPlan } from "./container-plan.ts";
import type { Containers } from "./containers.ts";
import type { Docker } from "./docker.ts";

const SIGNAL_MS = 10_000;
/** In the environment of a command and so of everything that it starts. */
const MARK = "OPENCLAW_EXEC";

/**
 * Signals every process whose environment has the mark. What is to end is looked for until nobody is left. Only files of
 * our own processes can be read; those of others, and what has no program, are passed over.
 */
const SIGNAL_SCRIPT = `command -v tr >/dev/null || exit 3
round=0
while [ $round -lt 5 ]; do
  found=
  for p in /proc/[0-9]*; do
    [ -e "$p/exe" ] || continue
    case "
$(tr '\\0' '\\n' <"$p/environ")
" in *"
$2
"*)
      found=yes
      kill -s "$1" "\${p#/proc/}"
      ;;
    esac
  done 2>/dev/null
  if [ -z "$found" ] || [ "$1" != KILL ]; then exit 0; fi
  round=$((round + 1))
done
exit 4`;

/** Make ready to run a command in the container of `plan`, which runs from then on. */
export async function prepareRun(
  { command, workdir, env }: SandboxRun,
  plan: ContainerPlan,
  { docker, containers, used }: { docker: Docker; containers: Containers; used: (name: string) => void },
): Promise<SandboxCommand> {
  const program = await docker.program();
  await containers.acquire(plan);
  used(plan.name);
  const mark = `${MARK}=${randomUUID()}`;
  const cwd = posix.resolve(SANDBOX_WORKSPACE, workdir ?? "");
  const variables = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), mark];
  const words = variables.flatMap((variable) => ["--env", variable]);
  let isReleased = false;

  /** Everything in it ends with it, which is better than one of them living on. */
  const removed = () => containers.remove(plan.name).catch(() => false);

  return {
    program,
    args: ["exec", "--interactive", "--workdir", cwd, ...words, plan.name, "/bin/sh", "-c", command],
    env: docker.env,
    cwd,
    async signal(name) {
      const ask = ["exec", plan.name, "/bin/sh", "-c", SIGNAL_SCRIPT, "sh", name.slice("SIG".length), mark];
      const isDone = await docker.ask(ask, SIGNAL_MS).then(
        ({ code }) => code === 0,
        () => false,
      );
      return isDone || name !== "SIGKILL" || removed();
    },
    async ended(exitCode) {
      if (!isReleased) {
        isReleased = true;
        containers.release(plan.name);
        used(plan.name);
      }
      if (exitCode === 0) return undefined;
      try {
        const found = await containers.find(plan.name);
        if (found?.isRunning) return undefined;
        return "the container of the sandbox ended while the command ran; the next command has a new one";
      } catch (error) {
        return error instanceof Error ? error.message : errorText(error);
      }
    },
  };
}
