import type { AuthConfig } from "convex/server";
import { ISSUERS, PATHS } from "./mounts";

/** Both issuers while users move from one to the other, each for each endpoint. */
export default {
  providers: ISSUERS.flatMap((domain) =>
    PATHS.map((path) => ({ domain, applicationID: `${process.env["CONVEX_SITE_URL"]}${path}` })),
  ),
} satisfies AuthConfig;
