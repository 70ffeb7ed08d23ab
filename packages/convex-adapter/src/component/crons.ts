import { cronJobs } from "convex/server";
import { internal } from "./_generated/api.js";

const crons = cronJobs();
crons.interval("close lost actions", { minutes: 1 }, internal.audit.closeLost, {});
crons.interval("drain audit entries", { hours: 1 }, internal.audit.drain, {});
crons.interval("drain sessions", { hours: 1 }, internal.sessions.drain, {});

export default crons;
