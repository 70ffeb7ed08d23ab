export { isPublicAddress } from "./address.ts";
export { createBridge } from "./bridge.ts";
export type { Bridge } from "./bridge.ts";
export type { Caller } from "./client.ts";
export { createGrantReader } from "./reader.ts";
export type { GrantReader, GrantSummary } from "./reader.ts";
export { memoryBridgeStore } from "./memory.ts";
export type {
  BridgeEvent,
  BridgeOptions,
  ClientAssertion,
  DocumentOptions,
  Fetch,
  PassthroughOptions,
  ProxyOptions,
  RegistrationOptions,
  UpstreamAuthMethod,
  UpstreamOptions,
} from "./options.ts";
export type {
  BridgeStore,
  Claim,
  Lease,
  Limited,
  Rate,
  Redemption,
  Room,
  Settlement,
  SignedIn,
  StoredClient,
  StoredGrant,
  StoredRow,
} from "./store.ts";
