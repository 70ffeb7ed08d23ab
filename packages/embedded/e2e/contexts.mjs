// Makes realms in a process with --expose-gc and --experimental-vm-modules; prints how many stay alive.
import { setTimeout } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { createProgram } from "../dist/runtime/program.js";
import { createRealmFactory } from "../dist/runtime/realm.js";

const module = (path, source) => ({ path, source, environment: "isolate" });
const program = createProgram([
  module("root.js", 'import { a } from "./_deps/a.js"; export default a;'),
  module("_deps/a.js", 'import { b } from "./b.js"; export const a = b;'),
  module("_deps/b.js", 'import { c } from "./c.js"; export const b = c;'),
  module("_deps/c.js", "export const c = 1;"),
]);
const realms = createRealmFactory();
const options = {
  kind: "action",
  env: {},
  convex: {},
  now: Date.now,
  performanceNow: () => 0,
  log: () => undefined,
};
for (let index = 0; index < 100; index += 1) {
  await realms.create(program, options).load("root.js");
}
await setTimeout(20);
globalThis.gc();
await setTimeout(20);
globalThis.gc();
console.log(getHeapStatistics().number_of_native_contexts);
