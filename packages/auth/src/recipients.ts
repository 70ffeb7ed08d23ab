import type { Requirements } from "./accesstoken.ts";

/** For whom tokens have to be, as a verifier's options say it. */
export interface RecipientOptions {
  readonly audience?: string | readonly string[] | undefined;
  readonly clientIds?: readonly string[] | undefined;
}

/**
 * Checks the options that say for whom tokens have to be.
 *
 * @throws TypeError when neither is given: any token of the issuer would do, and it issues them for others too.
 */
export function toRecipients(
  options: RecipientOptions,
): Pick<Requirements, "audience" | "clientIds"> {
  const { clientIds } = options;
  const audience = typeof options.audience === "string" ? [options.audience] : options.audience;
  return {
    audience:
      audience === undefined && clientIds !== undefined
        ? undefined
        : requireNames(audience, "audience"),
    clientIds: clientIds === undefined ? undefined : requireNames(clientIds, "clientIds"),
  };
}

/**
 * Checks an option that lists names.
 *
 * @throws TypeError that names the option
 */
export function requireNames(value: unknown, option: string): readonly string[] {
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === "string" && name !== "")
  ) {
    return [...(value as string[])];
  }
  throw new TypeError(`${option}: expected at least one non-empty string`);
}
