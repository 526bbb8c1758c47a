// A session ends when nobody has touched the page for a while, and says so first.
import { useEffect, useState } from "react";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { duration } from "../parts/time";
import { endSession, signOut } from "./session";

export const IDLE_MS = 15 * 60_000;
export const WARNING_MS = 60_000;

const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** How long until the session ends; whatever is touched starts the time anew. */
function useIdleTime(): [leftMs: number, touch: () => void] {
  const [touched, setTouched] = useState(() => Date.now());
  const [now, setNow] = useState(touched);
  const warned = IDLE_MS - (now - touched) <= WARNING_MS;
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  useEffect(() => {
    // Once the warning stands there, only its answer counts.
    if (warned) return;
    const touch = () => {
      setTouched((before) => (Date.now() - before > 1000 ? Date.now() : before));
    };
    for (const kind of TOUCHES) window.addEventListener(kind, touch, { passive: true });
    return () => {
      for (const kind of TOUCHES) window.removeEventListener(kind, touch);
    };
  }, [warned]);
  return [
    IDLE_MS - (now - touched),
    () => {
      setTouched(Date.now());
      setNow(Date.now());
    },
  ];
}

export function IdleWatch() {
  const [leftMs, touch] = useIdleTime();
  useEffect(() => {
    if (leftMs <= 0) endSession("idle");
  }, [leftMs]);
  return (
    <Dialog open={leftMs <= WARNING_MS} onClose={touch} title="Still there?">
      <p>
        Nothing was touched for a while. You will be signed out in{" "}
        <strong>{duration(Math.max(leftMs, 0))}</strong>; cases that you hold go back when
        their lease ends.
      </p>
      <div className="dialog-actions">
        <Button onClick={signOut}>Sign out now</Button>
        <Button kind="primary" onClick={touch}>
          Stay signed in
        </Button>
      </div>
    </Dialog>
  );
}
