import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { suite, test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { freePort, run, start, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

const BESIDE = "Stop that one, or run another beside it: openclaw --profile <name> gateway";
const isRoot = process.getuid?.() === 0;

suite("openclaw gateway", { concurrency: 2 }, () => {
  test("says where everything is, then that it is ready, and ends with 0 on SIGTERM", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    gateway.kill("SIGTERM");

    const { code, stdout, stderr } = await gateway.ended;
    const texts = stdout.split("\n").map((line) => line.replace("[gateway] ", "").replace(/\d+ ms/, "n ms"));
    const [log, config, state, listening, canvas, plugins, ready] = texts;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(log ?? "", new RegExp(`^log file ${at.stateDir}/logs/openclaw-\\d{4}-\\d\\d-\\d\\d\\.log$`));
    assert.equal(config, `config ${at.configPath}`);
    assert.equal(state, `state directory ${at.stateDir}`);
    assert.equal(listening, `listening on ws://127.0.0.1:${at.port} (PID ${gateway.pid})`);
    assert.match(canvas ?? "", /^\[plugin\/canvas-host\] canvas on http:\/\/127\.0\.0\.1:\d+\/__openclaw__\/canvas\/$/);
    assert.match(plugins ?? "", /^plugins: \d+ loaded, 0 failed$/);
    assert.equal(ready, "ready (n ms)");
    assert.equal(existsSync(join(at.stateDir, "gateway.json")), false);
    assert.equal(existsSync(join(at.stateDir, "gateway.lock")), false);
  });

  for (const [how, args, config] of [
    ["--json", ["--json"], {}],
    ["logging.consoleStyle", [], { logging: { consoleStyle: "json" } }],
  ] as const) {
    test(`with ${how} every line is an object, and ready tells supervisors where it listens`, async () => {
      using at = await testHome(config);
      await using gateway = await startGateway(at, args);
      gateway.kill("SIGINT");

      const { code, stdout } = await gateway.ended;

      const lines = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const ready = lines.find(({ msg }) => String(msg).startsWith("ready "));
      const { port, pid, url, bind } = ready ?? {};
      assert.equal(code, 0);
      assert.deepEqual(
        { port, pid, url, bind },
        { port: at.port, pid: gateway.pid, url: `ws://127.0.0.1:${at.port}`, bind: "loopback" },
      );
    });
  }

  test("the same signal twice at once is one signal: package managers repeat it", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    gateway.kill("SIGINT");
    gateway.kill("SIGINT");

    assert.equal((await gateway.ended).code, 0);
  });

  test("SIGTERM while a restart brings the gateway down ends the process all the same", async () => {
    using at = await testHome();
    const folder = join(at.home, "slow");
    mkdirSync(folder);
    writeFileSync(join(folder, "openclaw.plugin.json"), JSON.stringify({ id: "slow", activation: "startup" }));
    writeFileSync(
      join(folder, "index.cjs"),
      `module.exports = require("openclaw/plugin-sdk").definePlugin((gateway) => {
        gateway.hooks.stopping.tap(async () => {
          console.log("still here");
          await new Promise((resolve) => setTimeout(resolve, 500));
        });
      });`,
    );
    const plugins = { load: { paths: [folder] }, entries: { slow: { enabled: true } } };
    at.write(JSON.stringify({ ...JSON.parse(at.read()), plugins, commands: { restart: true } }));
    await using gateway = await startGateway(at);

    gateway.kill("SIGUSR1");
    await gateway.prints(/still here/);
    gateway.kill("SIGTERM");

    assert.equal((await gateway.ended).code, 0);
    assert.equal(gateway.stdout().match(/^.*listening on ws:/gm)?.length, 1);
  });

  test("flags win over the environment and the configuration", async () => {
    using at = await testHome({ logging: { consoleStyle: "json" } });
    const env = { OPENCLAW_GATEWAY_PORT: "1", OPENCLAW_GATEWAY_TOKEN: "from-the-environment-0123" };

    await using gateway = await startGateway(
      at,
      ["--port", String(at.port), "--bind", "custom", "--custom-bind", "127.0.0.1", "--token", TOKEN],
      { env },
    );
    const { code, stdout } = await run(at, ["gateway", "call", "health", "--token", TOKEN]);

    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(stdout) as { gateway: object }).gateway, {
      port: at.port,
      bind: "custom",
      auth: "token",
    });
    assert.match(gateway.stderr(), /visible to other users/);
  });

  test(
    "a secret on the command line is not to be seen in the list of processes",
    { skip: process.platform !== "linux" },
    async () => {
      using at = await testHome();

      await using gateway = await startGateway(at, ["--token", TOKEN]);

      assert.equal(readFileSync(`/proc/${gateway.pid}/cmdline`, "utf8").includes(TOKEN), false);
    },
  );

  test("a log that nobody reads any more does not end the gateway", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);
    gateway.closeStdout();

    const reload = await run(at, ["config", "set", "gateway.shutdownTimeoutMs", "1000"]);
    const { stdout } = await run(at, ["logs", "--limit", "50", "--local"]);
    await eventually("the reload is logged", () => readLog(at).includes("config reload"));

    assert.equal(reload.code, 0, stdout);
    assert.equal((await run(at, ["health"])).code, 0);
  });

  test("--verbose prints debug lines, the file keeps its level", async () => {
    using at = await testHome();

    await using gateway = await startGateway(at, ["--verbose"]);

    const debugs = gateway.stdout().split("\n").length > readLog(at).trim().split("\n").length;
    assert.ok(debugs || !gateway.stdout().includes("cannot listen"));
    assert.doesNotMatch(readLog(at), /"level":"debug"/);
  });

  test("--safe-mode starts the stock plugins and none from elsewhere", async () => {
    using at = await testHome({ plugins: { entries: { stray: { enabled: true } } } });
    const folder = join(at.stateDir, "extensions", "stray");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "openclaw.plugin.json"), '{ "id": "stray", "activation": "startup" }');
    writeFileSync(join(folder, "index.js"), "export default () => { throw new Error('ran'); };");

    await using gateway = await startGateway(at, ["--safe-mode"]);
    const { stdout } = await run(at, ["plugins", "info", "stray", "--json"]);

    assert.equal((JSON.parse(stdout) as { reason: string }).reason, "safe_mode");
    assert.doesNotMatch(gateway.stderr(), /ran/);
  });
});

suite("a gateway that may not start", { concurrency: 2 }, () => {
  const refused = async (at: TestHome, args: readonly string[], options = {}) => {
    const { code, stdout, stderr } = await run(at, ["gateway", ...args], options);
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /^\s+at /m);
    return { code, stderr };
  };

  test("without a configuration it says what to do, exit 78", async () => {
    using at = await testHome(null);

    const { code, stderr } = await refused(at, []);

    assert.deepEqual(
      { code, stderr },
      {
        code: 78,
        stderr: 'Missing config. Run "openclaw setup" or set gateway.mode=local (or pass --allow-unconfigured).\n',
      },
    );
  });

  test("without a mode it names the key, exit 78", async () => {
    using at = await testHome(null);
    at.write(`{ gateway: { auth: { token: "${TOKEN}" } } }`);

    const { code, stderr } = await refused(at, []);

    assert.deepEqual(
      { code, stderr },
      {
        code: 78,
        stderr: "Gateway start blocked: set gateway.mode=local (current: unset) or pass --allow-unconfigured.\n",
      },
    );
  });

  test("--allow-unconfigured starts it all the same, as a secret from outside does", async () => {
    for (const [args, env] of [
      [["--allow-unconfigured", "--token", TOKEN], {}],
      [[], { OPENCLAW_GATEWAY_TOKEN: TOKEN }],
    ] as const) {
      using at = await testHome(null);

      await using gateway = await startGateway(at, [...args, "--port", String(at.port)], { env });

      assert.ok(gateway.pid);
    }
  });

  test("without a secret it refuses to bind, and the log keeps that for whoever looks there", async () => {
    using at = await testHome(null);
    at.write('{ gateway: { mode: "local" } }');

    const { code, stderr } = await refused(at, []);
    const password = await refused(at, ["--auth", "password"]);
    const logs = await run(at, ["logs", "--limit", "50"]);

    assert.equal(code, 78);
    assert.match(
      stderr,
      /^refusing to bind gateway to 127\.0\.0\.1 without auth: set gateway\.auth\.token\n {2}openclaw config set gateway\.auth\.token /,
    );
    assert.match(password.stderr, /\n {2}openclaw config set gateway\.auth\.password /);
    assert.match(logs.stdout, /refusing to bind gateway to 127\.0\.0\.1 without auth/);
    assert.equal(logs.code, 0);
  });

  test("an invalid configuration is listed with file, line, key and remedy, exit 78", async () => {
    using at = await testHome(null);
    at.write('{\n  gateway: {\n    mode: "local",\n    bind: "everywhere",\n    port: "x",\n  },\n}\n');

    const { code, stderr } = await refused(at, []);

    const lines = stderr.split("\n");
    assert.equal(code, 78);
    assert.equal(lines[0], "config is invalid: ~/.openclaw/openclaw.json");
    assert.equal(
      lines[1],
      `  ${at.configPath}:4 gateway.bind: must be one of "loopback", "lan", "tailnet", "auto", "custom"`,
    );
    assert.equal(lines[2], `  ${at.configPath}:5 gateway.port: must be integer`);
    assert.match(
      lines[3] ?? "",
      /openclaw config validate, or start on the last good version with: openclaw gateway --use-last-good/,
    );
  });

  test("a file that is no JSON5 is named with line and column", async () => {
    using at = await testHome(null);
    at.write('{\n  gateway: { mode "local" }\n}\n');

    const { code, stderr } = await refused(at, []);

    assert.equal(code, 78);
    assert.match(stderr, /openclaw\.json:2 JSON5: invalid character .* at 2:19/);
  });

  test("--use-last-good starts on the last version that worked and says so until the file is mended", async () => {
    using at = await testHome();
    const good = at.read();
    const first = await startGateway(at);
    await isAtRest(at);
    first.kill("SIGTERM");
    await first.ended;
    at.write("{ gateway: { mode: 5 } }");

    await using gateway = await startGateway(at, ["--use-last-good"]);
    const health = async () => {
      const { stdout } = await run(at, [
        "gateway",
        "call",
        "health",
        "--url",
        `ws://127.0.0.1:${at.port}`,
        "--token",
        TOKEN,
      ]);
      return JSON.parse(stdout) as { ready: boolean; issues: { message: string }[] };
    };
    const broken = await health();
    at.write(good);

    assert.equal(broken.ready, false);
    assert.match(broken.issues[0]?.message ?? "", /running on the last good version/);
    assert.match(
      gateway.stderr(),
      /config is invalid; started on the last good version: .*gateway\.mode: must be one of/,
    );
    await eventually("the issue is gone", async () => (await health()).ready, 8_000);
  });

  test("a port that is taken is told with its holder and the way out, exit 75", async () => {
    using at = await testHome();
    await using holder = await listenOn(at.port);

    const { code, stderr } = await refused(at, []);

    assert.equal(code, 75);
    assert.match(
      stderr,
      new RegExp(`already listening on ws://127\\.0\\.0\\.1:${at.port}, .* held by pid ${holder.pid} \\(.*--force\\n$`),
    );
  });

  test("a second gateway of one state directory ends with 75 and changes no byte", async () => {
    using at = await testHome();
    await using first = await startGateway(at);
    await isAtRest(at);
    const before = snapshot(at.stateDir);

    const { code, stderr } = await refused(at, ["--port", "0"]);

    assert.deepEqual(
      { code, stderr },
      { code: 75, stderr: `gateway already running (pid ${first.pid}); lock timeout after 5000ms\n${BESIDE}\n` },
    );
    assert.deepEqual(snapshot(at.stateDir), before);
  });

  test("a lock that a dead gateway left is no obstacle", async () => {
    using at = await testHome();
    const first = await startGateway(at);
    first.kill("SIGKILL");
    await first.ended;
    assert.ok(existsSync(join(at.stateDir, "gateway.lock")));

    const probe = await run(at, ["gateway", "probe"]);
    await using second = await startGateway(at);

    assert.equal(probe.code, 1);
    assert.ok(second.pid);
  });

  test("as JSON the refusal is one value", async () => {
    using at = await testHome(null);

    const { code, stdout } = await run(at, ["gateway", "--json"]);

    const { ok, error } = JSON.parse(stdout) as { ok: boolean; error: { code: string } };
    assert.deepEqual({ code, ok, kind: error.code }, { code: 78, ok: false, kind: "START_FAILED" });
  });

  for (const [name, value] of [
    ["OPENCLAW_GATEWAY_PORT", "70000"],
    ["OPENCLAW_GATEWAY_BIND", "everywhere"],
    ["OPENCLAW_LOG_LEVEL", "loud"],
  ] as const) {
    test(`${name}=${value} is named, exit 78`, async () => {
      using at = await testHome();

      const { code, stderr } = await refused(at, [], { env: { [name]: value } });

      assert.equal(code, 78);
      assert.ok(stderr.startsWith(`${name}=${value} is not `), stderr);
    });
  }
});

suite("R-26 a gateway that is started again and again", { concurrency: 2 }, () => {
  test("because it dies comes up in safe mode, says how to leave it, and leaves it after a stop in order", async () => {
    using at = await testHome();
    const folder = join(at.home, "acme");
    mkdirSync(folder);
    writeFileSync(join(folder, "openclaw.plugin.json"), JSON.stringify({ id: "acme", activation: "startup" }));
    writeFileSync(
      join(folder, "index.cjs"),
      `module.exports = require("openclaw/plugin-sdk").definePlugin(() => console.log("acme is here"));`,
    );
    const plugins = { load: { paths: [folder] }, entries: { acme: { enabled: true } } };
    at.write(JSON.stringify({ ...JSON.parse(at.read()), plugins }));
    for (let i = 0; i < 5; i++) {
      await using gateway = await startGateway(at);
      gateway.kill("SIGKILL");
      assert.match((await gateway.ended).stdout, /acme is here/);
    }

    await using safe = await startGateway(at);
    const health = await run(at, ["gateway", "call", "health", "--token", TOKEN]);
    safe.kill("SIGTERM");
    const { code, stdout, stderr } = await safe.ended;
    await using next = await startGateway(at);

    const { degraded, reasons } = JSON.parse(health.stdout) as { degraded: boolean; reasons: { message: string }[] };
    const text = /6 starts in 60 s: safe mode, .* stop and start it, or start it with --no-safe-mode/;
    assert.match(stderr, text);
    assert.equal(degraded, true);
    assert.match(reasons[0]?.message ?? "", text);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /acme is here/);
    assert.match(next.stdout(), /acme is here/);
  });

  test("by somebody who stops it in order is no storm, and --no-safe-mode has the last word", async () => {
    using at = await testHome();
    const starts = Array.from({ length: 9 }, () => Date.now());
    writeFileSync(join(at.stateDir, "gateway.json"), JSON.stringify({ pid: 1, starts }));

    await using first = await startGateway(at, ["--no-safe-mode"]);
    first.kill("SIGTERM");
    await first.ended;
    await using second = await startGateway(at);

    assert.doesNotMatch(first.stderr() + second.stderr(), /safe mode/);
  });
});

suite("an edit of where the gateway listens, while it runs", { concurrency: 2 }, () => {
  for (const [what, key, value, why] of [
    ["a port that is taken", "port", "holder", /a restart would fail.* or the port is taken: held by pid \d+/],
    [
      "an address that is not ours",
      "customBind",
      ["192.0.2.1"],
      /a restart would fail.*192\.0\.2\.1 is not an address/,
    ],
  ] as const) {
    test(`to ${what} is refused with the reason, and taken back later`, async () => {
      using at = await testHome();
      await using gateway = await startGateway(at);
      const before = at.read();
      const { gateway: section } = JSON.parse(before) as { gateway: object };
      await using holder = await listenOn(await freePort());
      const { port } = holder.server.address() as { port: number };
      const edit = { bind: key === "customBind" ? "custom" : "loopback", [key]: value === "holder" ? port : value };

      at.write(JSON.stringify({ gateway: { ...section, ...edit } }));
      await gateway.prints(why);
      const { code } = await run(at, ["health", "--url", `ws://127.0.0.1:${at.port}`, "--token", TOKEN]);
      at.write(before);
      gateway.kill("SIGTERM");

      assert.equal(code, 0);
      assert.equal((await gateway.ended).code, 0);
    });
  }

  test("to a free port moves it there", async () => {
    using at = await testHome();
    using other = await testHome();
    await using gateway = await startGateway(at);
    const { gateway: section } = JSON.parse(at.read()) as { gateway: object };

    at.write(JSON.stringify({ gateway: { ...section, port: other.port } }));

    await gateway.prints(new RegExp(`listening on ws://127\\.0\\.0\\.1:${other.port} `));
  });
});

suite("openclaw gateway --force", { concurrency: 2 }, () => {
  test("stops the holder of the port, a gateway too, and starts", async () => {
    using at = await testHome();
    await using first = await startGateway(at);

    await using second = await startGateway(at, ["--force"]);

    assert.equal((await first.ended).code, 0);
    assert.match(
      second.stderr(),
      new RegExp(`^force: killed pid ${first.pid} \\(openclaw-gateway\\) on port ${at.port}\n`),
    );
  });

  test("a holder that ignores SIGTERM is killed after the grace", async () => {
    using at = await testHome();
    const stubborn = join(at.home, "stubborn.mjs");
    writeFileSync(
      stubborn,
      `import { createServer } from "node:net";
      process.on("SIGTERM", () => {});
      createServer().listen(${at.port}, "127.0.0.1", () => console.log("up"));`,
    );
    await using holder = await start(at, [], { launcher: stubborn });
    await holder.prints(/up/);

    await using gateway = await startGateway(at, ["--force"]);

    assert.equal((await holder.ended).signal, "SIGKILL");
    assert.match(gateway.stderr(), /with SIGKILL\n/);
  });

  test("without lsof it refuses at once and names the package", async () => {
    using at = await testHome();

    const { code, stderr } = await run(at, ["gateway", "--force"], { env: { PATH: at.home } });

    assert.deepEqual({ code, stderr }, { code: 1, stderr: "--force needs lsof; install the package lsof\n" });
  });
});

suite("a state directory that cannot be used", { concurrency: 2 }, () => {
  const refusal = async (at: TestHome, options = {}) => {
    const env = { OPENCLAW_GATEWAY_TOKEN: TOKEN };
    const { code, stderr } = await run(at, ["gateway", "--port", "0"], { env, ...options });
    const [line = "", ...more] = stderr.split("\n");
    assert.deepEqual({ code, more }, { code: 78, more: [""] }, stderr);
    return line.replaceAll(at.stateDir, "DIR");
  };

  test("because it is a file", async () => {
    using at = await testHome(null);
    writeFileSync(at.stateDir, "");

    assert.equal(await refusal(at), "state directory DIR is a file; move it away or set OPENCLAW_STATE_DIR");
  });

  test("because it belongs to somebody else", { skip: !isRoot && "only root can be somebody else" }, async () => {
    using at = await testHome(null);
    mkdirSync(at.stateDir, { mode: 0o700 });
    chmodSync(at.home, 0o755);

    const line = await refusal(at, { spawn: { uid: 65_534, gid: 65_534 } });

    assert.equal(
      line,
      "cannot use state directory DIR (owner uid 0, mode 700, we are uid 65534): EACCES; run: sudo chown -R 65534 DIR && chmod -R u+rwX DIR",
    );
  });

  test("because it cannot be made", { skip: !isRoot && "only root can be somebody else" }, async () => {
    using at = await testHome(null);
    chmodSync(at.home, 0o755);

    const line = await refusal(at, { spawn: { uid: 65_534, gid: 65_534 } });

    assert.equal(
      line,
      "cannot use state directory DIR (we are uid 65534): EACCES; run: sudo install -d -m 700 -o 65534 DIR",
    );
  });

  test("because its file system is read-only", async (context) => {
    using at = await testHome(null);
    using disk = smallDisk(at, "ro");
    if (!disk) return context.skip("file systems cannot be mounted here");

    assert.equal(
      await refusal(at),
      "cannot write state directory DIR: file system is read-only; mount it writable or set OPENCLAW_STATE_DIR",
    );
  });

  test("because its disk is full", async (context) => {
    using at = await testHome(null);
    using disk = smallDisk(at, "size=64k");
    if (!disk) return context.skip("file systems cannot be mounted here");
    assert.throws(() => writeFileSync(join(at.stateDir, "filler"), Buffer.alloc(100_000)), { code: "ENOSPC" });

    assert.equal(await refusal(at), "cannot write state directory DIR: no space left; free some space on that disk");
  });

  test("because its configuration is a directory", async () => {
    using at = await testHome(null);
    mkdirSync(at.configPath, { recursive: true });

    const { code, stderr } = await run(at, ["gateway"]);

    assert.equal(code, 78);
    assert.match(stderr, /cannot read \S+openclaw\.json: EISDIR/);
  });
});

suite("profile dev", { concurrency: 2 }, () => {
  test("gateway --dev makes what is missing and starts", async () => {
    using at = await testHome(null);

    await using gateway = await startGateway(at, ["--dev", "--port", String(at.port)]);

    assert.match(
      gateway.stderr(),
      /^Wrote ~\/\.openclaw-dev\/openclaw\.json\nWorkspace OK: ~\/\.openclaw\/workspace-dev\nSessions OK: /,
    );
    assert.ok(existsSync(join(at.home, ".openclaw-dev", "openclaw.json")));
    assert.deepEqual(readdirSync(join(at.home, ".openclaw")), ["workspace-dev"]);
  });

  test("--dev gateway only chooses the profile", async () => {
    using at = await testHome(null);

    const { code, stderr } = await run(at, ["--dev", "gateway"]);

    assert.equal(code, 78);
    assert.match(stderr, /^Missing config\./);
  });

  test("its port is the profile's own", async () => {
    using at = await testHome(null);

    const { stdout } = await run(at, ["--dev", "config", "get", "gateway.port"]);

    assert.equal(stdout, "19001\n");
  });
});

function readLog(at: TestHome): string {
  const folder = join(at.stateDir, "logs");
  return readdirSync(folder)
    .filter((name) => name.startsWith("openclaw-"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

/** The last thing a start writes is the configuration that it worked with. */
async function isAtRest(at: TestHome): Promise<void> {
  const folder = join(at.stateDir, "backups");
  await eventually("the version is kept", () => readdirSync(folder).some((name) => name.endsWith(".json")));
  const page = join(at.stateDir, "workspace", "canvas", "index.html");
  await eventually("the canvas has its first page", () => readFileSync(page, "utf8").endsWith("</html>\n"));
}

/** Every file with its content and time. */
function snapshot(folder: string): object {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // What can be made again at any time is no state, nor is what the gateway that runs shares of its memory.
    .filter(({ name, parentPath }) => !parentPath.startsWith(join(folder, "cache")) && !name.endsWith(".sqlite-shm"));
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, `${statSync(path).mtimeMs} ${readFileSync(path, "latin1")}`];
    }),
  );
}

async function listenOn(port: number): Promise<AsyncDisposable & { pid: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    pid: process.pid,
    server,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Mount a tiny file system as the state directory; nothing where that is not allowed. */
function smallDisk(at: TestHome, options: string): Disposable | undefined {
  mkdirSync(at.stateDir);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at.stateDir], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return { [Symbol.dispose]: () => void execFileSync("umount", [at.stateDir]) };
}
