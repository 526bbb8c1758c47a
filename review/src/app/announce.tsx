// What changed, for those who do not see it change.
import { useEffect, useRef } from "react";
import { Store, useStore } from "./store";

const polite = new Store("");
const urgent = new Store("");

/** Lets a screen reader say `text`; `now` interrupts what it is saying. */
export function announce(text: string, now = false): void {
  const region = now ? urgent : polite;
  // The same words again must be a change to be spoken again.
  region.set(region.get() === text ? `${text}\u00a0` : text);
}

/**
 * Says what stands there when `when` changes, and not each time that a count in it
 * does: whoever listens would hear nothing else. Empty: says nothing.
 */
export function useAnnouncement(text: string, when: unknown): void {
  const newest = useRef(text);
  useEffect(() => {
    newest.current = text;
  });
  useEffect(() => {
    if (newest.current !== "") announce(newest.current);
  }, [when]);
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
