import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { peerOf } from "./peer.ts";

const PROXIES = ["10.0.0.0/8", "192.0.2.1", "127.0.0.1", "2001:db8:1::/48", "not an address", "10.0.0.0/99"];

function request(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const headers = { host: "localhost:1", ...(forwardedFor !== undefined && { "x-forwarded-for": forwardedFor }) };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

/** Address of the socket, X-Forwarded-For, and the address that counts. */
const CASES: readonly (readonly [string, string | undefined, string, string])[] = [
  ["203.0.113.5", undefined, "203.0.113.5", "no proxy"],
  ["203.0.113.5", "198.51.100.1", "203.0.113.5", "a stranger's header"],
  ["10.1.2.3", "198.51.100.1", "198.51.100.1", "a proxy of a range"],
  ["192.0.2.1", "198.51.100.1", "198.51.100.1", "a proxy by its address"],
  ["192.0.2.2", "198.51.100.1", "192.0.2.2", "its neighbour"],
  ["::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1", "mapped"],
  ["2001:db8:1::5", "198.51.100.1", "198.51.100.1", "version 6"],
  ["2001:db8:2::5", "198.51.100.1", "2001:db8:2::5", "version 6, another range"],
  ["10.1.2.3", "1.1.1.1, 198.51.100.1", "198.51.100.1", "the left hop is the client's own claim"],
  ["10.1.2.3", "198.51.100.1, 10.9.9.9", "198.51.100.1", "two proxies"],
  ["10.1.2.3", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1", "two proxies and a claim"],
  ["10.1.2.3", "10.9.9.9", "10.9.9.9", "a proxy is the client"],
  ["10.1.2.3", "198.51.100.1:4711", "198.51.100.1", "with a port"],
  ["10.1.2.3", "[2001:db8:2::7]:4711", "2001:db8:2::7", "in brackets"],
  ["10.1.2.3", "unknown", "10.1.2.3", "no address"],
  ["10.1.2.3", "198.51.100.1, unknown", "10.1.2.3", "no address at the right"],
  ["10.1.2.3", "", "10.1.2.3", "empty"],
  ["127.0.0.1", "198.51.100.1", "198.51.100.1", "a proxy on this machine"],
];

for (const [own, header, address, what] of CASES) {
  test(`the address behind ${own} with X-Forwarded-For ${header}: ${what}`, () => {
    assert.equal(peerOf(request(own, header), PROXIES).address, address);
  });
}

test("without trusted proxies the header counts for nothing, and with them nobody becomes local by it", () => {
  const claims = request("127.0.0.1", "127.0.0.1");

  assert.deepEqual(peerOf(request("10.1.2.3", "127.0.0.1"), []), { address: "10.1.2.3", isLocal: false });
  assert.equal(peerOf(claims, []).isLocal, false);
  assert.equal(peerOf(claims, PROXIES).isLocal, false);
  assert.equal(peerOf(request("10.1.2.3", "127.0.0.1"), PROXIES).isLocal, false);
  assert.equal(peerOf(request("127.0.0.1"), PROXIES).isLocal, true);
});
