import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BufferJSON, initAuthCreds } from "@whiskeysockets/baileys";
import { ACCOUNT } from "./server.ts";
import type { Account } from "./server.ts";

/** Credentials as a login leaves them, so that a test can begin with an account that is linked. Returns their folder. */
export function linkAccount(stateDir: string, { accountId = "default", account = ACCOUNT as Account } = {}): string {
  const folder = join(stateDir, "credentials", "whatsapp", accountId);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const creds = {
    ...initAuthCreds(),
    me: { id: account.jid, lid: account.lid, name: "Bot" },
    account: {
      details: randomBytes(8),
      accountSignatureKey: randomBytes(32),
      accountSignature: randomBytes(64),
      deviceSignature: randomBytes(64),
    },
  };
  const text = JSON.stringify(creds, BufferJSON.replacer);
  for (const name of ["creds.json", "creds.json.bak"]) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return folder;
}
