import type { DockerAnswer } from "./docker.ts";

const MAX_WORDS = 300;
const IMAGE = /(?:No such image: |Unable to find image '|pull access denied for |manifest for )([^\s',]+)/;

/** What docker complains of, as one sentence with what mends it. */
export function troubleOf({ stderr, stdout, code }: Omit<DockerAnswer, "code"> & { readonly code: number }): string {
  const text = stderr.trim() === "" ? stdout : stderr;
  const image = IMAGE.exec(text)?.[1];
  if (image !== undefined)
    return `its image ${image} is not there; build it or run "docker pull ${image}" (docs/sandbox.md says how)`;
  if (/permission denied/i.test(text) && /docker(?:\.sock| daemon| API)/i.test(text))
    return "the gateway's user may not speak to docker; let it, or set DOCKER_HOST to a docker it may use";
  if (/cannot connect to the docker daemon|is the docker daemon running|error during connect/i.test(text))
    return 'docker does not answer; start its daemon ("docker info" says more)';
  if (isGone(text)) return "its container is gone; the next command makes a new one";
  const lines = text.trim().split("\n").join(" ").slice(0, MAX_WORDS);
  return `docker says: ${lines === "" ? `exit code ${code}` : lines}`;
}

/** Is this the answer to a question about a container that does not exist? */
export function isGone(text: string): boolean {
  return /no such (?:object|container)/i.test(text);
}
