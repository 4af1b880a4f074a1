/**
 * Tools for tests of plugins. This folder is the one part of the SDK that knows the kernel: a test host
 * that played by rules of its own would prove nothing.
 */
export { createTestHost } from "./test-host.ts";
export type { TestCallOptions, TestEvent, TestHost, TestHostOptions } from "./test-host.ts";
export { startTestGateway } from "./test-gateway.ts";
export type { TestGateway, TestGatewayOptions } from "./test-gateway.ts";
export { eventually } from "./eventually.ts";
