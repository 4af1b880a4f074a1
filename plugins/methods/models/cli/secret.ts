import { text as readAll } from "node:stream/consumers";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CliError } from "openclaw/plugin-sdk";

const MAX_LENGTH = 16_384;

/** A secret from a flag, from stdin (`-`), or asked for without showing what is typed. */
export async function readSecret(given: string | undefined, flag: string, question: string): Promise<string> {
  const secret = (
    given === undefined ? await ask(flag, question) : given === "-" ? await readAll(process.stdin) : given
  ).trim();
  if (secret === "") throw new CliError(`nothing was given; pass ${flag}`, { exitCode: 2, code: "USAGE" });
  if (/\s/.test(secret) || secret.length > MAX_LENGTH)
    throw new CliError("that is no key: it has spaces or is too long", { exitCode: 2, code: "USAGE" });
  return secret;
}

async function ask(flag: string, question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new CliError(`there is no terminal to ask on; pass ${flag}, or ${flag} - to read it from stdin`, {
      exitCode: 2,
      code: "USAGE",
    });
  process.stderr.write(`${question}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await prompt.question("");
  } finally {
    prompt.close();
    process.stderr.write("\n");
  }
}
