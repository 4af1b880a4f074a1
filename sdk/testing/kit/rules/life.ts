import { GatewayError } from "../../../error.ts";
import { heard, letIn } from "../heard.ts";
import { watchLeaks } from "../leaks.ts";
import { Broken, holds } from "../rule.ts";
import type { KitRule } from "../rule.ts";
import type { Stage } from "../stage.ts";

const START_MS = 3_000;
const STOP_MS = 5_000;
/** Attempts to log in with a credential that was refused. */
const ATTEMPTS = 3;

/** The account's own life (channels.md §1.10). */
export const LIFE: readonly KitRule[] = [
  {
    id: "C1",
    title: "the account connects and says who it is",
    grade: "bronze",
    async check(bench) {
      const stage = await bench.stage();

      const account = await stage.connected(undefined, START_MS * bench.options.patience);

      holds(account.running && account.configured, "the account is connected and yet not running or not configured");
      if (bench.kit.lacks?.identity !== undefined) return;
      const identity = await bench.part("identity", "identity");
      const { accounts } = await stage.status(true);
      if (JSON.stringify(accounts).includes(JSON.stringify(identity).slice(1, -1))) return;
      throw new Broken(`the status does not say who the account is (${identity}), not even after a probe`);
    },
  },
  {
    id: "C13",
    title: "a connection that is lost is made again, and nothing is lost or doubled",
    grade: "silver",
    needs: ["connection"],
    async check(bench) {
      const stage = await heard(bench);
      const ann = stage.person(1);
      const before = await stage.says("", { from: 1 });
      await stage.answered(before, ann);

      await bench.mode("drop", "connection");
      await away(stage);
      const meanwhile = bench.kit.lacks?.backlog === undefined ? [await stage.says("", { from: 1 })] : [];
      await bench.mode("ok", "connection");
      await stage.connected();
      const after = await stage.says("", { from: 1 });

      for (const said of [...meanwhile, after]) await stage.answered(said, ann);
      await stage.flushed(ann, stage.target(1));
      stage.once(before, ...meanwhile, after);
    },
  },
  {
    id: "C14",
    title: "a server that is down at the start is tried until it is there, and the gateway is well meanwhile",
    grade: "silver",
    needs: ["connection"],
    async check(bench) {
      await bench.part("mode", "connection");
      const stage = await bench.stage({ section: await letIn(bench), mode: "drop" });
      await away(stage);

      await stage.pause(bench.options.watchMs);
      const { ok } = await stage.client.request<{ readonly ok: boolean }>("health", {});
      holds(ok, "the gateway is not well because a server is away");
      await bench.mode("ok", "connection");
      await stage.connected();
      const said = await stage.says("", { from: 1 });

      await stage.answered(said, stage.person(1));
      const fault = stage.log().find(({ msg }) => /^fault of plugin|unhandled/i.test(msg));
      holds(fault === undefined, `an error escaped: ${fault?.msg}`);
    },
  },
  {
    id: "C15",
    title: "a credential that is refused stops the account, with one clear issue and no storm",
    grade: "silver",
    needs: ["credentials"],
    async check(bench) {
      await bench.part("mode", "credentials");
      const stage = await bench.stage({ mode: "auth-fail" });

      await refused(stage, () => stage.network.logins() >= ATTEMPTS);
      await stage.pause(bench.options.watchMs);

      const logins = stage.network.logins();
      holds(logins < ATTEMPTS, `it logged in ${logins} times with a credential that is refused`);
      const { issues } = await stage.status();
      holds(issues.length === 1, `there are ${issues.length} issues, not one: ${JSON.stringify(issues)}`);
      const [issue] = issues;
      holds(issue?.kind === "auth" || issue?.kind === "config", `the issue is of the kind ${issue?.kind}`);
      holds(issue.message !== "", "the issue says nothing");
    },
  },
  {
    id: "C16",
    title: "a stop is quick and quiet, and leaves nothing behind",
    grade: "silver",
    isAlone: true,
    async check(bench) {
      // What libraries keep for the whole process is there from the first time on.
      await (await heard(bench)).gateway.run.stop("the kit starts it again");
      const watch = watchLeaks();
      const stage = await heard(bench);
      await stage.answered(await stage.says("", { from: 1 }), stage.person(1));

      const startedAt = performance.now();
      await stage.client.close();
      await stage.gateway.run.stop("the kit is done");
      const ms = performance.now() - startedAt;

      holds(ms < STOP_MS * bench.options.patience, `the stop took ${Math.round(ms)} ms`);
      const error = stage.log().find(({ level }) => level === "error" || level === "fatal");
      holds(error === undefined, `an error is in the log: ${error?.line}`);
      const left = await watch.left();
      holds(left.length === 0, `left behind: ${left.join(", ")}`);
    },
  },
  {
    id: "C17",
    title: "of two accounts one is broken, and the other works",
    grade: "gold",
    needs: ["accounts"],
    async check(bench) {
      const broken = await bench.part("brokenAccount", "accounts");
      const stage = await bench.stage({
        section: { ...(await letIn(bench)), accounts: { default: {}, broken } },
      });
      await stage.connected("default");

      const said = await stage.says("", { from: 1 });
      await stage.answered(said, stage.person(1));

      stage.once(said);
      const { accounts, issues } = await stage.status();
      const other = accounts.find(({ accountId }) => accountId === "broken");
      holds(other !== undefined, "channels.status does not list the broken account");
      holds(!other.connected, "an account that cannot work is called connected");
      await stage.until("an issue or an error of the broken account", async () => {
        const now = await stage.account("broken");
        return now.lastError !== null || issues.some(({ accountId }) => accountId === "broken");
      });
    },
  },
  {
    id: "C19",
    title: "no secret is in a log, a status or an error",
    grade: "bronze",
    needs: ["secrets"],
    async check(bench) {
      await bench.part("secrets", "secrets");
      const stage = await heard(bench);
      const { secrets = [] } = stage.network;
      holds(secrets.length > 0, "the kit file names no secret");
      const seen: [string, string][] = [];
      await stage.answered(await stage.says("", { from: 1 }), stage.person(1));
      seen.push(["a status", JSON.stringify(await stage.status(true))]);
      await stage.client
        .request("send", { channel: stage.channel, to: "nobody at all", message: "x", idempotencyKey: "kit-nobody" })
        .then(
          (answer) => seen.push(["an answer", JSON.stringify(answer)]),
          (error: unknown) => seen.push(["an error", said(error)]),
        );
      if (bench.kit.lacks?.connection === undefined) {
        await bench.mode("drop", "connection");
        await away(stage);
        seen.push(["the status of a lost connection", JSON.stringify(await stage.status(true))]);
        await bench.mode(bench.kit.lacks?.credentials === undefined ? "auth-fail" : "ok", "connection");
        // Some open the old session again, and need no credential for that.
        if (bench.kit.lacks?.credentials === undefined)
          await refused(stage, async () => (await stage.account()).connected);
        seen.push(["the status of a refused account", JSON.stringify(await stage.status(true))]);
      }
      seen.push(["the configuration", JSON.stringify(await stage.client.request("config.get", {}))]);
      await stage.gateway.run.stop("the kit is done");
      seen.push([
        "the log",
        stage
          .log()
          .map(({ line }) => line)
          .join("\n"),
      ]);

      for (const secret of secrets) {
        const [where] = seen.find(([, text]) => text.includes(secret)) ?? [];
        holds(where === undefined, `a secret is in ${where}`);
      }
    },
  },
  {
    id: "F41",
    title: "a link that comes and goes: no storm of connections, and each message is answered once",
    grade: "platinum",
    needs: ["connection"],
    async check(bench) {
      const stage = await heard(bench);
      const all = [];
      const before = stage.network.logins();
      for (let round = 0; round < ROUNDS; round++) {
        await bench.mode("drop", "connection");
        await away(stage);
        if (bench.kit.lacks?.backlog === undefined) all.push(await stage.says("", { from: 1 }));
        await bench.mode("ok", "connection");
        await stage.connected();
        all.push(await stage.says("", { from: 1 }));
        // An answer that the next loss cuts off may end as unknown where the network has no key for it.
        for (const said of all) await stage.answered(said, stage.person(1));
      }
      await stage.flushed(stage.person(1), stage.target(1));
      stage.once(...all);
      const logins = stage.network.logins() - before;
      holds(logins <= ROUNDS * LOGINS_PER_ROUND, `${logins} logins for ${ROUNDS} losses of the connection`);
    },
  },
];

const ROUNDS = 2;
const LOGINS_PER_ROUND = 5;

function away(stage: Stage): Promise<true> {
  return stage.until("the status says that the connection is lost", async () => !(await stage.account()).connected);
}

/** Resolves when the account is stopped for good, or when waiting for that has no sense any more. */
function refused(stage: Stage, isVain: () => boolean | Promise<boolean> = () => false): Promise<true> {
  return stage.until("the account is stopped", async () => {
    const { state, running } = await stage.account();
    return (await isVain()) || (!running && (state === "failed" || state === "logged-out"));
  });
}

function said(error: unknown): string {
  return error instanceof GatewayError ? JSON.stringify([error.message, error.details]) : String(error);
}
