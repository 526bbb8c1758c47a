// What changed, for those who do not see it change.
import { Store, useStore } from "./store";

const polite = new Store("");
const urgent = new Store("");

/** Lets a screen reader say `text`; `now` interrupts what it is saying. */
export function announce(text: string, now = false): void {
  const region = now ? urgent : polite;
  // The same words again must be a change to be spoken again.
  region.set(region.get() === text ? `${text}\u00a0` : text);
}

export function Announcements() {
  return (
    <>
      <div className="unseen" role="status">
        {useStore(polite)}
      </div>
      <div className="unseen" role="alert">
        {useStore(urgent)}
      </div>
    </>
  );
}
