import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFileSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import type { Manifest } from "openclaw/plugin-sdk";
import type { Events, Methods } from "../../docs/protocol/protocol.ts";
import { readCatalog } from "../../.scripts/protocol/catalog.ts";
import { definitions } from "../../.scripts/protocol/definitions.ts";
import { jsonSchema } from "../../.scripts/protocol/json-schema.ts";
import { swift } from "../../.scripts/protocol/swift.ts";
import type { Catalog } from "../../.scripts/protocol/catalog.ts";
import { problemsOfSwift } from "./swift-lines.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "docs", "protocol");

interface Document {
  readonly methods: Readonly<Record<string, { readonly scope: string; readonly params?: { readonly $ref: string } }>>;
  readonly events: Readonly<Record<string, { readonly scope?: string }>>;
  readonly definitions: Readonly<Record<string, object>>;
}

function document(): Document {
  return JSON.parse(readFileSync(join(folder, "protocol.schema.json"), "utf8")) as Document;
}

test("what is registered is what the manifests announce", async () => {
  const { methods, events } = await readCatalog(root);
  const manifests = globSync("plugins/*/*/openclaw.plugin.json", { cwd: root }).map(
    (file) => JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest,
  );
  const announced = manifests.flatMap(({ contributes }) =>
    Object.entries((contributes?.["methods"] ?? {}) as Record<string, string>),
  );
  const told = manifests.flatMap(({ contributes }) => (contributes?.["events"] ?? []) as string[]);

  assert.deepEqual(
    methods.map(({ name, scope }) => `${name} ${scope}`).toSorted(),
    announced.map((one) => one.join(" ")).toSorted(),
  );
  assert.deepEqual(
    events.flatMap(({ name, plugin }) => (plugin === "kernel" ? [] : [name])),
    told.toSorted(),
  );
  assert.ok(methods.length > 80, `${methods.length} methods`);
});

test("the schema holds every method and event, and every definition of it compiles", async (t) => {
  const { methods, events } = await readCatalog(root);
  const schema = document();

  assert.deepEqual(
    Object.keys(schema.methods),
    methods.map(({ name }) => name),
  );
  assert.deepEqual(
    Object.keys(schema.events),
    events.map(({ name }) => name),
  );
  const mute = methods.filter(({ result }) => result === undefined).map(({ name }) => name);
  assert.deepEqual(mute, ["update.run"], "every method that answers says how");
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(schema, "protocol");
  const check = (name: string) => ajv.getSchema(`protocol#/definitions/${name}`);
  for (const name of Object.keys(schema.definitions)) assert.equal(typeof check(name), "function", name);
  for (const { params } of Object.values(schema.methods)) {
    assert.ok(params === undefined || check(params.$ref.replace("#/definitions/", "")));
  }
  assert.equal(check("RequestFrame")?.({ type: "req", id: "1", method: "health" }), true);
  assert.equal(check("ExecApprovalResolveParams")?.({ id: "1" }), false);
  assert.equal(check("ShutdownEvent")?.({ reason: "gateway stopping", restartExpectedMs: null }), false);
  for (const name of ["connect.challenge", "tick", "shutdown"]) assert.ok(schema.events[name], name);
  t.diagnostic(`${Object.keys(schema.definitions).length} definitions`);
});

test("the files are part of the package", () => {
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  assert.ok(files.includes("docs"));
});

test("two runs write the same, and a check fails on what has changed since", async () => {
  const out = mkdtempSync(join(tmpdir(), "openclaw-protocol-"));
  try {
    const main = join(root, ".scripts", "protocol", "main.ts");
    const generate = (...args: string[]) =>
      promisify(execFile)(process.execPath, ["--conditions=openclaw-source", main, out, ...args], { cwd: root });

    await generate();
    for (const name of ["protocol.schema.json", "protocol.ts", "Protocol.swift"]) {
      assert.equal(readFileSync(join(out, name), "utf8"), readFileSync(join(folder, name), "utf8"), `${name} is stale`);
    }
    assert.match((await generate("--check")).stdout, /up to date/);
    appendFileSync(join(out, "protocol.ts"), "// changed\n");
    await assert.rejects(generate("--check"), /protocol\.ts: not what the plugins register; run npm run protocol:gen/);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test("the TypeScript types know methods and events", () => {
  const resolve: Methods["exec.approval.resolve"]["params"] = { id: "1", decision: "deny" };
  const resolved: Events["exec.approval.resolved"] = { id: "1", decision: "deny", ts: 1 };
  // @ts-expect-error a member is missing
  const wrong: Methods["exec.approval.resolve"]["params"] = { id: "1" };
  // @ts-expect-error no such decision
  const maybe: Events["exec.approval.resolved"] = { id: "1", decision: "maybe", ts: 1 };

  assert.deepEqual([resolve.decision, resolved.decision, wrong.id, maybe.id], ["deny", "deny", "1", "1"]);
});

test("the Swift models are made of declarations that are whole", () => {
  assert.deepEqual(problemsOfSwift(readFileSync(join(folder, "Protocol.swift"), "utf8")), []);
});

test("names that Swift keeps for itself, absent, nullable and mixed members are declared so that they compile", () => {
  const schema = {
    type: "object",
    required: ["default", "maybe", "type"],
    properties: {
      default: { type: "boolean" },
      maybe: { anyOf: [{ type: "integer" }, { type: "null" }] },
      left: { anyOf: [{ type: "string" }, { type: "null" }] },
      mixed: { anyOf: [{ type: "string" }, { type: "number" }] },
      type: { anyOf: [{ const: "in" }, { const: "2nd" }] },
      "x-y": { type: "array", items: { type: "object", properties: { a: { type: "number" } } } },
      map: { type: "object", patternProperties: { "^(.*)$": { type: "boolean" } } },
    },
  };
  const empty: Catalog = { methods: [], events: [] };

  const text = swift(empty, [{ name: "Sample", about: "A sample.", schema }]);

  for (const line of [
    "public var `default`: Bool",
    "public var maybe: Nullable<Int>",
    "public var left: String?",
    "public var mixed: JSONValue?",
    "public var type: TypeValue",
    "case `in`",
    "case _2nd",
    "public var xY: [XYItem]?",
    'case xY = "x-y"',
    "public var map: [String: Bool]?",
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
  assert.deepEqual(problemsOfSwift(text), []);
});

test("two things with one name are refused", () => {
  const method = { plugin: "p", scope: "operator.read" as const, params: { type: "object" } as never };
  const methods = [
    { ...method, name: "a.b" },
    { ...method, name: "a-b" },
  ];

  assert.throws(() => definitions({ methods, events: [] }), /two things of the protocol would be called ABParams/);
  assert.match(jsonSchema({ methods, events: [] }, []), /"a-b"/);
});
