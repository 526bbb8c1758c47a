import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { shortId } from "../../api/ids";
import { useQueues, useReasons } from "../../api/tables";
import { CASE_STATE, SEVERITY } from "../../api/words";
import { useCommands } from "../../app/keys";
import { go, href } from "../../app/router";
import { Bars } from "../../parts/badge";
import { Due } from "../../parts/due";
import { ProofBadge } from "../../parts/proof-badge";
import { Ago } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import type { CaseRow } from "./use-case-list";

const ROW_HEIGHT = 34;
const COLUMNS = [
  "Severity",
  "Reported as",
  "Accused",
  "Proof",
  "Due",
  "Waits",
  "State",
  "Queue",
  "Case",
];

/** The last words of an address: what tells accounts of one server apart. */
export function shortUri(uri: string): string {
  return uri.replace(/^[a-z]+:\/\/[^/]+\//, "");
}

function Cells({ row }: { row: CaseRow }) {
  const { summary } = row;
  const { titleOf } = useReasons();
  const queues = useQueues();
  const reasons = summary.reason.map(titleOf);
  const holder = summary.lease?.holder;
  return (
    <>
      <span role="gridcell">
        <Bars level={summary.severity} words={SEVERITY[summary.severity]} />
      </span>
      <span role="gridcell" title={reasons.join(", ")}>
        {reasons[0] ?? "not known"}
        {reasons.length > 1 && <span className="faint"> +{reasons.length - 1}</span>}
      </span>
      <span role="gridcell">
        {summary.accusedUri ? (
          <UntrustedLine text={shortUri(summary.accusedUri)} />
        ) : (
          <span className="faint">nobody</span>
        )}
      </span>
      <span role="gridcell">
        <ProofBadge summary={summary} />
        {summary.provenReporterCount > 1 && (
          <span className="faint"> by {summary.provenReporterCount}</span>
        )}
      </span>
      <span role="gridcell">
        <Due at={summary.deadline} />
      </span>
      <span role="gridcell">
        <Ago at={summary.openedAt} />
      </span>
      <span role="gridcell">
        {CASE_STATE[summary.state]}
        {holder && <strong>, {holder}</strong>}
      </span>
      <span role="gridcell">{queues.titleOf(summary.queue)}</span>
      <span role="gridcell">
        <a className="mono" tabIndex={-1} href={href("case", row.id)}>
          {shortId(row.id)}
        </a>
      </span>
    </>
  );
}

interface CaseTableProps {
  rows: CaseRow[];
  query: Pick<
    UseInfiniteQueryResult,
    "hasNextPage" | "isFetchingNextPage" | "fetchNextPage"
  >;
}

export function CaseTable({ rows, query }: CaseTableProps) {
  const body = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, rows.length - 1);
  // The compiler leaves this component alone: the virtualizer changes in place.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => body.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (last >= rows.length - 60 && hasNextPage && !isFetchingNextPage)
      void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(to, rows.length - 1));
    setAt(next);
    virtual.scrollToIndex(next);
    body.current?.focus({ preventScroll: true });
  };
  const open = () => {
    const row = rows[chosen];
    if (row) go(href("case", row.id));
  };
  const group = "List";
  useCommands([
    { label: "Next case in the list", keys: "j", group, run: () => move(chosen + 1) },
    { label: "Case before in the list", keys: "k", group, run: () => move(chosen - 1) },
    { label: "Open the chosen case", keys: "o", group, run: open },
  ]);
  return (
    <div className="grid-scroll">
      <div
        className="case-grid"
        role="grid"
        aria-label="Cases"
        aria-rowcount={hasNextPage ? -1 : rows.length + 1}
        aria-activedescendant={chosen >= 0 ? `row-${chosen.toString()}` : undefined}
        tabIndex={0}
        ref={body}
        onKeyDown={(event) => {
          const page = Math.floor((body.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
          const steps: Record<string, number> = {
            ArrowDown: chosen + 1,
            ArrowUp: chosen - 1,
            PageDown: chosen + page,
            PageUp: chosen - page,
            Home: 0,
            End: rows.length - 1,
          };
          const step = steps[event.key];
          if (step !== undefined) move(step);
          else if (event.key === "Enter") open();
          else return;
          event.preventDefault();
        }}
      >
        <div role="row" className="case-row heads" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div
          role="rowgroup"
          className="case-rows"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              // Rows are reached by the grid's own keys.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={row.id}
                id={`row-${index.toString()}`}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-selected={index === chosen}
                className={`case-row ${row.changed ? "changed" : ""}`}
                style={{ translate: `0 ${start.toString()}px` }}
                onClick={() => {
                  go(href("case", row.id));
                }}
              >
                <Cells row={row} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
