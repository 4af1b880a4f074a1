import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointProblem } from "./endpoint.ts";

test("an endpoint is encrypted, or on this machine", () => {
  for (const good of [
    "https://chat.example/api",
    "http://127.0.0.1:1",
    "http://localhost/",
    "http://[::1]:9",
    "http://0x7f.1",
  ]) {
    assert.equal(endpointProblem("apiRoot", good), undefined, good);
  }
  assert.equal(endpointProblem("wsUrl", "ws://127.0.0.1:1/x", ["wss"]), undefined);
  assert.equal(endpointProblem("wsUrl", "wss://chat.example", ["wss"]), undefined);
});

test("anything else is named with its key and what to write", () => {
  assert.match(
    String(endpointProblem("apiRoot", "http://chat.example")),
    /^apiRoot must be .*https.* this machine only/,
  );
  assert.match(String(endpointProblem("apiRoot", "http://127.0.0.1.chat.example")), /this machine only/);
  assert.match(String(endpointProblem("apiRoot", "http://localhost.chat.example")), /this machine only/);
  for (const bad of ["", "chat.example", "ftp://127.0.0.1", "wss://chat.example", "file:///etc/passwd", 7, undefined]) {
    assert.equal(endpointProblem("apiRoot", bad), "apiRoot must be a URL that begins with https://", String(bad));
  }
  assert.match(String(endpointProblem("apiRoot", "https://me:secret@chat.example")), /must not hold/);
});
