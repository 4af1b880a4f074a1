import type * as Sqlite from "node:sqlite";

/** `node:sqlite`, without the warning that Node 22 prints when it is first loaded. All other warnings come through. */
export function loadSqlite(): typeof Sqlite {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite is an experimental feature")) return;
    // The overloads of emitWarning take the same arguments in this order.
    (emitWarning as (...args: unknown[]) => void).call(process, warning, ...rest);
  };
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
