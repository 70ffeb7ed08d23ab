import { type Auth, type UserIdentity } from "convex/server";
import { ConvexError, v } from "convex/values";
import { query } from "./_generated/server.js";

export const vWhoami = v.object({
  subject: v.string(),
  issuer: v.string(),
  scopes: v.array(v.string()),
});

/** The signed-in user as this function sees them. */
export const whoami = query({
  args: {},
  returns: vWhoami,
  handler: async (ctx) => {
    const user = await requireUser(ctx);
    const scope = typeof user.scope === "string" ? user.scope : "";
    return { subject: user.subject, issuer: user.issuer, scopes: scope.split(" ").filter(Boolean) };
  },
});

export async function requireUser(ctx: { auth: Auth }): Promise<UserIdentity> {
  const user = await ctx.auth.getUserIdentity();
  if (user === null) throw new ConvexError("Sign in first.");
  return user;
}

/** Throws for everybody who may not read the audit log. */
export async function requireAdmin(ctx: { auth: Auth }): Promise<void> {
  if (!isAdmin(await requireUser(ctx))) {
    throw new ConvexError("Only an admin may read the audit log.");
  }
}

export function isAdmin(user: UserIdentity): boolean {
  return user.role === "admin";
}
