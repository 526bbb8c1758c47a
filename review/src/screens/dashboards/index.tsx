import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useClients } from "../../api/clients";
import { now } from "../../api/clock";
import { useQueues } from "../../api/tables";
import { useCommands } from "../../app/keys";
import { go, href, usePlace } from "../../app/router";
import { Asked, type Asking } from "../../parts/asked";
import { Key } from "../../parts/key";
import { inflowRows, kindRows, reachedRows } from "./figures";
import {
  AppealFigure,
  DecisionFigure,
  FirstActionFigure,
  InflowFigure,
  KindFigure,
  ProofFigure,
} from "./over-time";
import { useExposures, useInflow, useReached } from "./queries";
import { BacklogFigure, ExposureFigure } from "./right-now";
import { spanNameOf, spanOf, SPANS, type SpanName } from "./spans";
import "./dashboards.css";

const NAMES: readonly SpanName[] = ["7", "30", "90", "year"];

function show(query: URLSearchParams, name: string, value: string): void {
  const next = new URLSearchParams(query);
  if (value) next.set(name, value);
  else next.delete(name);
  go(href(`dashboards?${next.toString()}`));
}

function Choices({ query }: { query: URLSearchParams }) {
  const chosen = spanNameOf(query);
  const { all } = useQueues();
  useCommands(
    NAMES.map((name, i) => ({
      label: `Show the last ${SPANS[name]}`,
      keys: (i + 1).toString(),
      group: "Dashboards",
      run: () => show(query, "span", name),
    })),
  );
  return (
    <div className="row dashboard-choices">
      <div className="spans" role="group" aria-label="Time">
        {NAMES.map((name, i) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-pressed={name === chosen}
            onClick={() => show(query, "span", name)}
          >
            {SPANS[name]} <Key keys={(i + 1).toString()} />
          </button>
        ))}
      </div>
      <label className="row">
        <span>Queue</span>
        <select
          className="select"
          value={query.get("queue") ?? ""}
          onChange={(event) => show(query, "queue", event.target.value)}
        >
          <option value="">all</option>
          {all.map(({ name, title }) => (
            <option key={name} value={name}>
              {title || name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** What a figure shows while it has no rows, or none can be had. */
function Awaited(props: {
  what: string;
  query: Asking & { isSuccess: boolean };
  children: ReactNode;
}) {
  if (props.query.isSuccess) return props.children;
  return (
    <section className="figure">
      <Asked query={props.query} what={`Counting ${props.what}`} />
    </section>
  );
}

function Nothing({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="figure wide" aria-label={title}>
      <h2>{title}</h2>
      <p className="faint">{children}</p>
    </section>
  );
}

function Exposures() {
  const exposures = useExposures();
  const rows = exposures.data ?? [];
  return (
    <Awaited what="exposure" query={exposures}>
      {rows.length > 0 ? (
        <ExposureFigure rows={rows} />
      ) : (
        <Nothing title="What moderators were shown">
          Nobody was shown anything in a shift that runs.
        </Nothing>
      )}
    </Awaited>
  );
}

function Backlog() {
  const { queues } = useClients();
  const query = useQuery({
    queryKey: ["queues"],
    queryFn: ({ signal }) => queues.listQueues({}, { signal }),
    refetchInterval: 10_000,
  });
  return (
    <Awaited what="what waits" query={query}>
      <BacklogFigure queues={query.data?.queue ?? []} />
    </Awaited>
  );
}

function OverTime({ query }: { query: URLSearchParams }) {
  const [openedAt] = useState(now);
  const span = spanOf(spanNameOf(query), openedAt);
  const queue = query.get("queue") ?? "";
  const { titleOf } = useQueues();
  const inflow = useInflow(span, queue);
  const reached = useReached(span, queue);
  const came = inflowRows(inflow.data ?? [], span);
  const done = reachedRows(reached.data ?? [], span);
  const kinds = kindRows(reached.data ?? []);
  return (
    <>
      <Awaited what="what came in" query={inflow}>
        <InflowFigure rows={came} span={span} />
        <ProofFigure rows={came} span={span} />
      </Awaited>
      <Awaited what="what was reached" query={reached}>
        <FirstActionFigure rows={done} span={span} />
        <DecisionFigure rows={done} span={span} />
        <AppealFigure rows={done} inflow={came} span={span} />
        {kinds.length > 0 ? (
          <KindFigure rows={kinds} queueTitle={titleOf} />
        ) : (
          <Nothing title="Targets by queue and reason">
            Nothing was claimed or decided in this time.
          </Nothing>
        )}
      </Awaited>
    </>
  );
}

export default function Dashboards() {
  const { query } = usePlace();
  return (
    <div className="page stack">
      <div className="row spread">
        <h1>Dashboards</h1>
        <Choices query={query} />
      </div>
      <div className="figures">
        <Backlog />
        <OverTime query={query} key={query.toString()} />
        <Exposures />
      </div>
    </div>
  );
}
