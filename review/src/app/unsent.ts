// What somebody wrote and has not sent. It outlives a session that ends by itself,
// in memory, and what unloads the page, such as the way to the identity provider
// and back or a reload: so long it waits in sessionStorage. Who signs out drops it.
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
  else sessionStorage.removeItem(KEY);
}

/** Nothing of it is left in this tab. */
export function dropUnsent(): void {
  unsent.clear();
  sessionStorage.removeItem(KEY);
}

window.addEventListener("pagehide", packUnsent);
// A page that was kept as it was has it in memory still.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) sessionStorage.removeItem(KEY);
});
