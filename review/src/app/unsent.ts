// What somebody wrote and has not sent. It outlives their session, in memory, and
// what unloads the page, such as the way to the identity provider and back or a
// reload: so long it waits in sessionStorage, which goes with the tab.
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

window.addEventListener("pagehide", packUnsent);
// A page that was kept as it was has it in memory still.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) sessionStorage.removeItem(KEY);
});
