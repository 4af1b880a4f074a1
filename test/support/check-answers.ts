// Preloaded by `npm test`: what a method of the stock plugins answers to a client of any test is held against what
// docs/protocol says of it, and a difference fails the request.
import { GatewayClient } from "openclaw/plugin-sdk";
import { brokenAnswer } from "../wire/answer-shape.ts";

const { request } = GatewayClient.prototype;

GatewayClient.prototype.request = async function checked<T>(
  this: GatewayClient,
  ...[method, ...rest]: Parameters<GatewayClient["request"]>
): Promise<T> {
  const payload = await request.call(this, method, ...rest);
  const broken = brokenAnswer(method, payload);
  if (broken !== undefined) throw new Error(broken);
  return payload as T;
};
