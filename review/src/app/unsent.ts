// What somebody wrote and has not sent. It outlives their session, in memory, and
// the way to the identity provider and back, which unloads the page: so long it
// waits in sessionStorage.
const KEY = "frank.unsent";

/** Takes what waited, once. */
function unpacked(): [string, unknown][] {
  const packed = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return packed === null ? [] : (JSON.parse(packed) as [string, unknown][]);
}

/** Values are such that JSON holds them whole. */
export const unsent = new Map<string, unknown>(unpacked());

/** For the moment before the page goes. */
export function packUnsent(): void {
  if (unsent.size > 0) sessionStorage.setItem(KEY, JSON.stringify([...unsent]));
}
