/** What went wrong, for code that wants to tell the cases apart. */
export type EmbeddedErrorCode =
  | "port_in_use"
  | "cli_missing"
  | "cli_failed"
  | "push_rejected"
  | "auth_config"
  | "engine_failed";

/** A failure whose message is meant to be shown as it is, without a stack. */
export class EmbeddedError extends Error {
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string) {
    super(message);
    this.name = "EmbeddedError";
    this.code = code;
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
    return String(thrown.message);
  }
  return String(thrown);
}

/** Stack where there is one, else the text: for log lines only. */
export function stackOf(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && "stack" in thrown) {
    return String(thrown.stack);
  }
  return messageOf(thrown);
}
