import * as Ariakit from "@ariakit/react";
import type { ReactNode } from "react";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** wide: for lists and tables. */
  size?: "narrow" | "wide";
}

/** A question or list over the page; Escape closes it and focus returns. */
export function Dialog({ open, onClose, title, children, size = "narrow" }: DialogProps) {
  return (
    <Ariakit.Dialog
      open={open}
      onClose={onClose}
      unmountOnHide
      className={`dialog ${size}`}
      backdrop={<div className="backdrop" />}
    >
      <Ariakit.DialogHeading className="dialog-heading">{title}</Ariakit.DialogHeading>
      {children}
    </Ariakit.Dialog>
  );
}
