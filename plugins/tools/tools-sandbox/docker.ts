import { execFile } from "node:child_process";
import { GatewayError } from "openclaw/plugin-sdk";
import { execEnvironment, findProgram } from "openclaw/plugin-sdk/exec";
import { troubleOf } from "./trouble.ts";

const ANSWER_MS = 15_000;
const MAX_ANSWER = 8 * 1024 * 1024;
/** Where docker is and how it is spoken to. */
const OWN_VARIABLES = /^(?:DOCKER_(?:HOST|CONTEXT|CONFIG|CERT_PATH|TLS|TLS_VERIFY|API_VERSION)|SSH_AUTH_SOCK)$/;

export interface DockerAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command `docker` of the gateway's `PATH`: programs and words, never a shell (security.md S-51). */
export class Docker {
  /** What a child of ours that speaks to docker has for an environment. */
  get env(): Record<string, string> {
    const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && OWN_VARIABLES.test(name));
    return { ...execEnvironment(process.env), ...(Object.fromEntries(own) as Record<string, string>) };
  }

  /** Where it is. Throws `UNAVAILABLE` when it is nowhere. */
  async program(): Promise<string> {
    const found = await findProgram("docker", { cwd: "/", path: process.env["PATH"] ?? "" });
    if (found !== undefined) return found;
    throw new GatewayError(
      "UNAVAILABLE",
      'the sandbox cannot be used: there is no program "docker" on the gateway\'s PATH; install docker, or set sandbox.mode to "off"',
    );
  }

  /** What it answers, also when that is a failure. Throws `UNAVAILABLE` when it cannot be asked, or takes too long. */
  async ask(args: readonly string[], limitMs: number = ANSWER_MS): Promise<DockerAnswer> {
    const program = await this.program();
    const { promise, resolve, reject } = Promise.withResolvers<DockerAnswer>();
    const options = { env: this.env, timeout: limitMs, maxBuffer: MAX_ANSWER, windowsHide: true } as const;
    execFile(program, [...args], { ...options, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      if (typeof error.code === "number") return resolve({ code: error.code, stdout, stderr });
      const why = error.killed
        ? `it gave no answer to "docker ${args[0]}" within ${limitMs / 1_000} s`
        : `it ended with ${error.signal ?? error.code}`;
      // Its own message is the whole command line, with the environment in it.
      reject(new GatewayError("UNAVAILABLE", `the sandbox cannot be used: docker: ${why}`));
    });
    return promise;
  }

  /** What it prints. Throws `UNAVAILABLE`, saying what mends it, when it fails. */
  async run(args: readonly string[], limitMs?: number): Promise<string> {
    const answer = await this.ask(args, limitMs);
    if (answer.code === 0) return answer.stdout;
    throw new GatewayError("UNAVAILABLE", `the sandbox cannot be used: ${troubleOf(answer)}`);
  }
}
