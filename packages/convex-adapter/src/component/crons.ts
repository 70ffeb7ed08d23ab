import { cronJobs } from "convex/server";
import { internal } from "./_generated/api.js";

const crons = cronJobs();
// Reading tells a lost entry from its deadline on; this only makes the row say so.
crons.interval("close lost actions", { hours: 1 }, internal.audit.closeLost, {});
crons.interval("drain audit entries", { hours: 1 }, internal.audit.drain, {});
crons.interval("drain sessions", { hours: 1 }, internal.sessions.drain, {});

export default crons;
