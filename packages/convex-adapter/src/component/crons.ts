import { cronJobs } from "convex/server";
import { internal } from "./_generated/api.js";

const crons = cronJobs();
// Reading tells a lost entry from its deadline on; this only makes the row say so.
crons.interval("close lost actions", { hours: 1 }, internal.audit.closeLost, {});
crons.interval("seal audit entries", { minutes: 5 }, internal.sealing.seal, {});
crons.interval("drain audit entries", { hours: 1 }, internal.retention.drain, {});
crons.interval("drop audit links", { hours: 1 }, internal.retention.drop, {});
crons.interval("drain statistics", { hours: 24 }, internal.expiry.drain, {
  table: "auditStatistics",
});
crons.interval("drain sessions", { hours: 1 }, internal.sessions.drain, {});
crons.interval("drain answers", { hours: 1 }, internal.expiry.drain, { table: "answers" });
crons.interval("drain letters", { hours: 1 }, internal.expiry.drain, { table: "letters" });
crons.interval("drain continuations", { hours: 1 }, internal.expiry.drain, {
  table: "continuations",
});
crons.interval("drain cancellations", { hours: 1 }, internal.expiry.drain, {
  table: "cancellations",
});
crons.interval("drain stream events", { hours: 1 }, internal.expiry.drain, {
  table: "streamEvents",
});
crons.interval("drain handles", { hours: 1 }, internal.expiry.drain, { table: "handles" });
crons.interval("drain reports", { hours: 1 }, internal.expiry.drain, { table: "reports" });
crons.interval("drain changes", { hours: 1 }, internal.expiry.drain, { table: "changes" });
crons.interval("drain listeners", { hours: 1 }, internal.expiry.drain, { table: "listeners" });
crons.interval("drain subscriptions", { hours: 1 }, internal.subscriptions.drain, {});
// As with entries: reading tells a lost task from its deadline on.
crons.interval("close lost tasks", { hours: 1 }, internal.taskRuns.closeLost, {});
crons.interval("drain tasks", { hours: 1 }, internal.taskRuns.drain, {});
crons.interval("drain task texts", { hours: 1 }, internal.expiry.drain, { table: "taskTexts" });
crons.interval("drain task questions", { hours: 1 }, internal.expiry.drain, {
  table: "taskQuestions",
});
crons.interval("drain API keys", { hours: 1 }, internal.expiry.drain, { table: "apiKeys" });
crons.interval("drain limits", { hours: 24 }, internal.limits.drain, {});
crons.interval("drain bridge clients", { hours: 1 }, internal.expiry.drain, {
  table: "bridgeClients",
});
crons.interval("drain bridge sign-ins", { hours: 1 }, internal.expiry.drain, {
  table: "bridgeSignIns",
});
crons.interval("drain bridge grants", { hours: 1 }, internal.expiry.drain, {
  table: "bridgeGrants",
});

export default crons;
