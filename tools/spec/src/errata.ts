import type { Revision } from "./schemas.ts";

/** A place where an official schema contradicts the text of its revision, and the text is followed. */
export interface Erratum {
  readonly revisions: readonly Revision[];
  /** The definition that is wrong. */
  readonly definition: string;
  readonly reason: string;
  /** Where the text says otherwise. */
  readonly page: string;
  /** The message as the schema would have it. */
  readonly mend: (message: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

const transport = "basic/transports#sending-messages-to-the-server";

/** All of them. */
export const errata: readonly Erratum[] = [
  {
    revisions: ["2025-03-26", "2025-06-18"],
    definition: "JSONRPCError",
    reason:
      "The schema requires an id. The transport lets the body of an HTTP refusal be an error that has none, and a body that could not be read leaves none to echo; 2025-11-25 made it optional.",
    page: transport,
    mend: (message) => ("id" in message ? message : { ...message, id: 0 }),
  },
];

/** A message as a revision's schema has to see it for that definition. */
export function mended(
  revision: Revision,
  definition: string,
  message: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return errata
    .filter((each) => each.definition === definition && each.revisions.includes(revision))
    .reduce((current, { mend }) => mend(current), message);
}
