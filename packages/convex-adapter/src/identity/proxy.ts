/**
 * Judges the name of the header that a proxy in front of the deployment sets, when what reads it is made.
 *
 * @param whose - what it is an option of: `mcpRateLimits`.
 * @throws TypeError when it is not the name of a header.
 */
export function checkProxyHeader(whose: string, name: unknown): void {
  if (name === undefined || (typeof name === "string" && /^[\w-]+$/.test(name))) return;
  const got = JSON.stringify(name);
  throw new TypeError(`${whose}: expected trustedProxyHeader to be a header's name, got ${got}.`);
}

/** Where a request comes from: as the proxy says, which appends to what the caller wrote, else as the platform does. */
export function statedAddress(
  header: string | undefined,
  headers: Pick<Headers, "get"> | undefined,
  ip: string | null,
): string | undefined {
  const said = header === undefined ? ip : headers?.get(header)?.split(",").at(-1)?.trim();
  return said ?? undefined;
}
