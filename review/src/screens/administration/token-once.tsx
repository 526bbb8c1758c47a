import { useState } from "react";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";

interface TokenOnceProps {
  who: string;
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
    <Dialog open onClose={onClose} title={`The token of ${who}`}>
      <p>
        It was made in this browser, and is shown this once: the service knows only its
        hash. Give it to {who} over a channel that you trust.
      </p>
      <p className="mono token" data-testid="token">
        {token}
      </p>
      {copied && <p role="status">Copied. Clear the clipboard when it is handed over.</p>}
      <div className="dialog-actions">
        <Button onClick={copy}>Copy</Button>
        <Button kind="primary" onClick={onClose}>
          I have handed it over
        </Button>
      </div>
    </Dialog>
  );
}
