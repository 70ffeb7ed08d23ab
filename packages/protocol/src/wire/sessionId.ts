/** Visible ASCII (basic/transports); the length is ours, and keeps hostile ids away from stores. */
const pattern = /^[\x21-\x7e]{1,128}$/;

/** Whether a text can be a session id at all. */
export function isSessionId(text: string): boolean {
  return pattern.test(text);
}
