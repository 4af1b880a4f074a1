/**
 * Tools for tests of plugins. This folder is the one part of the SDK that knows the kernel: a test host
 * that played by rules of its own would prove nothing.
 */
export { createTestHost } from "./test-host.ts";
export type { TestCallOptions, TestEvent, TestHost, TestHostOptions } from "./test-host.ts";
export { startTestGateway } from "./test-gateway.ts";
export type { TestGateway, TestGatewayOptions } from "./test-gateway.ts";
export { eventually } from "./eventually.ts";
export { defineChannelKit } from "./kit/contract.ts";
export type { ChannelKit, KitFeature, KitMessage, KitMode, KitNetwork, KitSent } from "./kit/contract.ts";
export { loadChannelKit } from "./kit/load.ts";
export { reportText } from "./kit/report.ts";
export type { KitReport, KitResult } from "./kit/report.ts";
export { runChannelKit } from "./kit/run.ts";
export type { ChannelKitOptions } from "./kit/run.ts";
export type { KitGrade } from "./kit/rule.ts";
