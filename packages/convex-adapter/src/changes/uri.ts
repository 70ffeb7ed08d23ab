/** Those of a catalog may be longer, and have other letters; their changes nobody is told of. A look reads many of them. */
const WATCHABLE = /^[\x21-\x7e]{1,2048}$/;

/** Whether changes of the resource with this URI can be told. */
export function isWatchable(uri: string): boolean {
  return WATCHABLE.test(uri);
}
