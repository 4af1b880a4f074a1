// Writes what the stock plugins register as files for clients; with --check nothing is written, and what is stale fails.
// Another folder than docs/protocol can be named.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readCatalog } from "./catalog.ts";
import { definitions } from "./definitions.ts";
import { jsonSchema } from "./json-schema.ts";
import { swift } from "./swift.ts";
import { typescript } from "./typescript.ts";

const root = join(import.meta.dirname, "..", "..");
const isCheck = process.argv.includes("--check");
const folder = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? join(root, "docs", "protocol");

const catalog = await readCatalog(root);
const all = definitions(catalog);
const files = new Map([
  ["protocol.schema.json", jsonSchema(catalog, all)],
  ["protocol.ts", typescript(catalog, all)],
  ["Protocol.swift", swift(catalog, all)],
]);

mkdirSync(folder, { recursive: true });
const stale = [...files].filter(([name, text]) => read(join(folder, name)) !== text);
if (!isCheck) for (const [name, text] of stale) writeFileSync(join(folder, name), text);
const { methods, events } = catalog;
const counted = `${methods.length} methods, ${events.length} events, ${all.length} types`;
const names = stale.map(([name]) => relative(root, join(folder, name))).join(", ");
if (isCheck && stale.length > 0) {
  console.error(`${names}: not what the plugins register; run npm run protocol:gen`);
  process.exit(1);
}
console.log(stale.length === 0 ? `protocol: ${counted}, up to date` : `protocol: ${counted}; written: ${names}`);
process.exit(0);

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not there yet.
    return undefined;
  }
}
