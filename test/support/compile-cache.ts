// Preloaded by `npm test`, first of all: what one test file has compiled the next one reads, and so do the command lines
// that are started.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "tests");
enableCompileCache(folder);
process.env["NODE_COMPILE_CACHE"] = folder;
