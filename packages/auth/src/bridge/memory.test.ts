import { describeBridgeStore } from "../../test/support/store.ts";
import { memoryBridgeStore } from "./memory.ts";

describeBridgeStore("the store in memory", memoryBridgeStore);
