/** The issuer, and the one that users move to. */
export const ISSUERS = [process.env["ISSUER"] ?? "", process.env["NEXT_ISSUER"] ?? ""] as const;

/** Where the endpoints are. */
export const PATHS = ["/mcp", "/live/mcp", "/moving/mcp"] as const;
