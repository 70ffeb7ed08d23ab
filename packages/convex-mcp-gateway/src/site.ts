/** The platform gives functions their environment and nothing else of `process`. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** Of a gateway or a bridge. */
interface SiteOptions {
  readonly siteUrl?: string | undefined;
}

/**
 * Where the deployment answers HTTP. Not from the request: its Host header is whatever the caller wrote.
 *
 * @throws Error when neither the option nor the platform says.
 */
export function siteUrl(options: SiteOptions): string {
  const url = options.siteUrl ?? process.env["CONVEX_SITE_URL"];
  if (url === undefined || !URL.canParse(url)) {
    throw new Error(
      "CONVEX_SITE_URL is not set: give the option siteUrl, such as https://mcp.example.com.",
    );
  }
  return url.replace(/\/+$/, "");
}

/**
 * The path that a proxy in front of the deployment takes away: that of `siteUrl`, which discovery documents have in theirs.
 * Empty where the site has none, and where it is not known before a request.
 */
export function sitePath({ siteUrl }: SiteOptions): string {
  return siteUrl === undefined ? "" : new URL(siteUrl).pathname.replace(/\/+$/, "");
}
