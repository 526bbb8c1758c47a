import { Component, type ReactNode } from "react";
import { Button } from "./button";

/** Keeps a screen that breaks from taking the rest along. */
export class ErrorEdge extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="page narrow" role="alert">
        <h1>This screen broke</h1>
        <p>Nothing was sent by it. The other screens still work.</p>
        <Button kind="primary" onClick={() => window.location.reload()}>
          Load the page again
        </Button>
      </div>
    );
  }
}
