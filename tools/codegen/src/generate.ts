import { generateAll, targets } from "./targets.ts";

await generateAll();
console.log(`Generated ${targets.length} folders.`);
