import { v } from "convex/values";

/** The bytes of base64. */
export function bytes(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

/** How far work is that is there to be cancelled. */
export const vWaitStatus = v.union(v.literal("working"), v.literal("stopped"), v.literal("done"));
