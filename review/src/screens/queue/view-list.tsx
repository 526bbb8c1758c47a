import { CaseState } from "#gen/frank/v1/review_pb";
import { useSelf } from "../../api/self";
import { useQueues } from "../../api/tables";
import { href } from "../../app/router";
import { useStore } from "../../app/store";
import { Asked } from "../../parts/asked";
import { duration, ms, useNow } from "../../parts/time";
import { forgetView, savedViews } from "./views";

function query(fields: Record<string, string | number | (string | number)[]>): string {
  const result = new URLSearchParams();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) result.append(name, value.toString());
  }
  return result.toString();
}

function ViewLink({
  to,
  here,
  children,
}: {
  to: string;
  here: string;
  children: React.ReactNode;
}) {
  return (
    <a href={href(`queue?${to}`)} aria-current={to === here ? "true" : undefined}>
      {children}
    </a>
  );
}

function QueueLinks({ here }: { here: string }) {
  const { all, query: listed } = useQueues();
  const now = useNow(15_000);
  return (
    <>
      <Asked query={listed} what="Counting what waits" />
      {listed.isSuccess && all.length === 0 && (
        <p className="faint">No queue is shown to you.</p>
      )}
      <ul>
        {all.map((queue) => (
          <li key={queue.name}>
            <ViewLink to={query({ queue: queue.name })} here={here}>
              <span>
                {queue.title || queue.name}
                {queue.seniorsOnly && <span className="faint"> · seniors</span>}
              </span>
              <b>{queue.openCount.toLocaleString("en-GB")}</b>
              {queue.oldestOpenedAt > 0n && (
                <span className="view-age">
                  <span className="faint">
                    oldest {duration(now - ms(queue.oldestOpenedAt))}
                  </span>
                  {queue.overdueCount > 0n && (
                    <span className="due over">
                      {queue.overdueCount >= 1000n
                        ? "1,000+"
                        : queue.overdueCount.toString()}{" "}
                      over
                    </span>
                  )}
                </span>
              )}
            </ViewLink>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What can be listed with one press: mine, queues, saved views. */
export function ViewList({ here }: { here: string }) {
  const self = useSelf();
  const saved = useStore(savedViews).filter(({ moderator }) => moderator === self.id);
  const mine = [
    CaseState.OPEN,
    CaseState.ON_HOLD,
    CaseState.AWAITING_APPROVAL,
    CaseState.APPEALED,
  ];
  return (
    <nav aria-label="Views" className="views">
      <h2>My work</h2>
      <ul>
        <li>
          <ViewLink to={query({ moderator: self.id, state: mine })} here={here}>
            In my hands
          </ViewLink>
        </li>
        <li>
          <ViewLink
            to={query({ moderator: self.id, state: CaseState.DECIDED })}
            here={here}
          >
            Decided by me
          </ViewLink>
        </li>
      </ul>
      <h2>Queues</h2>
      <ul>
        <li>
          <ViewLink to="" here={here}>
            All open cases
          </ViewLink>
        </li>
        <li>
          <ViewLink to={query({ state: CaseState.ON_HOLD })} here={here}>
            On hold
          </ViewLink>
        </li>
      </ul>
      <QueueLinks here={here} />
      {saved.length > 0 && <h2>Saved views</h2>}
      <ul>
        {saved.map((view) => (
          <li key={view.name} className="saved-view">
            <ViewLink to={view.query} here={here}>
              {view.name}
            </ViewLink>
            <button
              type="button"
              className="button quiet"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => {
                forgetView(self.id, view.name);
              }}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
