import assert from "node:assert/strict";
import type { ConnectParams, HelloOk } from "openclaw/plugin-sdk";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { withDevice } from "./device-key.ts";
import type { DeviceKey } from "./device-key.ts";
import { connectParams, RawClient } from "./raw-client.ts";
import type { Frame } from "./raw-client.ts";

export const ALL_SCOPES = ["operator.admin", "operator.approvals", "operator.pairing"];
/** What a proxy adds: with it nobody is local. */
export const REMOTE = { "x-forwarded-for": "203.0.113.9" };

export interface LoginOptions {
  readonly key?: DeviceKey;
  readonly auth?: ConnectParams["auth"];
  readonly role?: string;
  readonly scopes?: readonly string[];
  readonly client?: Partial<ConnectParams["client"]>;
  readonly remote?: boolean;
  /** Sign the older form, without the nonce. */
  readonly withoutNonce?: boolean;
  readonly signedAt?: number;
  /** Last change, after the signature was made. */
  readonly tamper?: (params: ConnectParams) => ConnectParams;
}

/** A socket on which `connect` has been answered, one way or the other. */
export interface Attempt {
  readonly client: RawClient;
  readonly answer: Frame;
  /** What `connect` was sent with. */
  readonly sent: ConnectParams;
}

export async function attempt(gateway: Pick<TestGateway, "url">, options: LoginOptions): Promise<Attempt> {
  const { key, auth, role, scopes = ALL_SCOPES, remote, withoutNonce, signedAt, tamper = (as) => as } = options;
  const client = await RawClient.open(gateway.url, remote ? { headers: REMOTE } : {});
  const { payload } = await client.challenge();
  const params = connectParams(undefined, {
    client: { id: "cli", version: "1", platform: "test", mode: "cli", ...options.client },
    scopes: [...scopes],
    ...(role !== undefined && { role }),
    ...(auth && { auth }),
  });
  const nonce = withoutNonce ? undefined : String(payload?.["nonce"]);
  const sent = tamper(key ? withDevice(params, key, { nonce, ...(signedAt !== undefined && { signedAt }) }) : params);
  const answer = await client.connect(sent);
  return { client, answer, sent };
}

/** "ok" or the message of the refusal, which the close repeats. */
export async function outcome(gateway: Pick<TestGateway, "url">, options: LoginOptions): Promise<string> {
  const { client, answer } = await attempt(gateway, options);
  await using open = client;
  if (answer.ok) return "ok";
  const message = String(answer.error?.message);
  assert.deepEqual(await open.closed(), { code: 1008, reason: message });
  return message;
}

/** Log in and keep the socket. */
export async function login(
  gateway: Pick<TestGateway, "url">,
  options: LoginOptions,
): Promise<{ readonly client: RawClient; readonly auth: HelloOk["auth"] }> {
  const { client, answer } = await attempt(gateway, options);
  assert.equal(answer.ok, true, JSON.stringify(answer));
  return { client, auth: (answer.payload as unknown as HelloOk).auth };
}

/** Log in, take the device token and leave. */
export async function deviceToken(gateway: Pick<TestGateway, "url">, options: LoginOptions): Promise<string> {
  const { client, auth } = await login(gateway, options);
  await client[Symbol.asyncDispose]();
  return String(auth?.deviceToken);
}
