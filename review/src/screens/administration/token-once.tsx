import { useState } from "react";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";

interface TokenOnceProps {
  /** Whose it is; absent: one's own. */
  who?: string;
  token: string;
  onClose: () => void;
}

/** A token that was just made. Once this is closed nobody can show it again. */
export function TokenOnce({ who, token, onClose }: TokenOnceProps) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(token).then(() => setCopied(true));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={who === undefined ? "Your token" : `The token of ${who}`}
    >
      <p>
        It was made in this browser, and is shown this once: the service knows only its
        hash.{" "}
        {who === undefined
          ? "Put it where you keep it before you go on."
          : `Give it to ${who} over a channel that you trust.`}
      </p>
      <p className="mono token" data-testid="token">
        {token}
      </p>
      {copied && (
        <p role="status">Copied. Clear the clipboard when it is where it belongs.</p>
      )}
      <div className="dialog-actions">
        <Button onClick={copy}>Copy</Button>
        <Button kind="primary" onClick={onClose}>
          {who === undefined ? "I have kept it" : "I have handed it over"}
        </Button>
      </div>
    </Dialog>
  );
}
