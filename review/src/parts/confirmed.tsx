import { useState, type ReactNode } from "react";
import { Button, type ButtonProps } from "./button";
import { Dialog } from "./dialog";

interface ConfirmedProps {
  label: string;
  title: string;
  /** What it does, and what else is to be said before. */
  children: ReactNode;
  kind?: ButtonProps["kind"];
  busy: boolean;
  onConfirm: () => void;
}

/** A grave step, asked about once. */
export function Confirmed(props: ConfirmedProps) {
  const [asking, setAsking] = useState(false);
  const { label, title, children, kind = "danger", busy, onConfirm } = props;
  return (
    <>
      <Button kind={kind} busy={busy} onClick={() => setAsking(true)}>
        {label}
      </Button>
      {asking && (
        <Dialog open onClose={() => setAsking(false)} title={title}>
          {children}
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button
              kind="danger"
              onClick={() => {
                setAsking(false);
                onConfirm();
              }}
            >
              {label}, now
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
