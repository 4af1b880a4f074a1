import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { test } from "node:test";
import { fingerprintOf, selfSigned } from "./certificate.ts";

test("a certificate of our own is one that OpenSSL reads, for the names and the time it was made for", () => {
  const now = Date.UTC(2026, 10, 26);

  const { cert, key } = selfSigned(["localhost", "127.0.0.1", "::1", "fe80::1:2"], 365, now);

  const read = new X509Certificate(cert);
  assert.equal(read.verify(read.publicKey), true);
  assert.equal(read.checkPrivateKey(createPrivateKey(key)), true);
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.checkHost("example.com"), undefined);
  for (const address of ["127.0.0.1", "::1", "fe80::1:2"]) assert.equal(read.checkIP(address), address);
  assert.equal(read.validFromDate.getTime(), now - 3_600_000);
  assert.equal(read.validToDate.getTime(), now + 365 * 86_400_000);
  assert.equal(read.ca, false);
  assert.equal(fingerprintOf(read.raw), read.fingerprint256.replaceAll(":", "").toLowerCase());
});
