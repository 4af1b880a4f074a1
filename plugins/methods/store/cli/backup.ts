import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CliError, defineCommand, GatewayError } from "openclaw/plugin-sdk";
import { backUp } from "../backup.ts";
import { openToRead } from "../database.ts";
import { failure } from "../failure.ts";
import { FILE_NAME } from "../file-name.ts";
import { sizeText } from "./size.ts";

/** `openclaw store backup [file]`: what the records are at this moment, beside a running gateway or without one. */
export default defineCommand({
  anyConfig: true,
  local: true,
  async run({ args, stateDir, print, tilde }) {
    const file = join(stateDir, FILE_NAME);
    const stamp = new Date().toISOString().replaceAll(":", "-");
    const given = args["file"] as string | undefined;
    const target = given === undefined ? join(stateDir, "backups", `store-${stamp}.sqlite`) : resolve(given);
    const database = openToRead(file);
    if (!database) throw new CliError(`${tilde(file)} does not exist yet; there is nothing to copy`);
    try {
      backUp(database, target);
    } catch (error) {
      if (error instanceof GatewayError) throw new CliError(error.message, { exitCode: 2, code: "EXISTS" });
      throw new CliError(`${failure("read", tilde(file), error).message}; see: openclaw store check`, { cause: error });
    } finally {
      database.close();
    }
    const { size: bytes } = statSync(target);
    print({ ok: true, file: target, bytes }, `Copied the store to ${tilde(target)} (${sizeText(bytes)})`);
  },
});
