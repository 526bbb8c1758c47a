// The list of entries, newest first.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useClients } from "../../api/clients";
import { useAnnouncement } from "../../app/announce";
import { useCommands } from "../../app/keys";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { ProblemNote } from "../../parts/problem-note";
import { moment } from "../../parts/time";
import { inTitle, UntrustedLine } from "../../parts/untrusted-text";
import { actInWords } from "./act-words";
import { isFiltered, type LogFilter } from "./filter";
import { readPage, type LogPage, type LogRow } from "./log-pages";

const ROW_HEIGHT = 32;
const COLUMNS = ["Entry", "Time", "Who", "What", "About", "Its act"];

/** Ids of cases are long; who compares looks at the beginning. */
function shortSubject(subject: string): string {
  return subject.replace(/\b([0-9a-f]{8})[0-9a-f]{8,}\b/g, "$1…");
}

function Cells({ row }: { row: LogRow }) {
  const { entry, leafIndex } = row;
  if (!entry) {
    return (
      <>
        <span role="gridcell">{leafIndex.toLocaleString("en-GB")}</span>
        <span role="gridcell">
          <strong>This leaf is no entry</strong>
        </span>
      </>
    );
  }
  return (
    <>
      <span role="gridcell">{leafIndex.toLocaleString("en-GB")}</span>
      <span role="gridcell">{moment(entry.time)}</span>
      <span role="gridcell">
        <UntrustedLine text={entry.actor} />
      </span>
      <span role="gridcell" title={inTitle(entry.act)}>
        <UntrustedLine text={actInWords(entry.act)} />
      </span>
      <span role="gridcell" title={inTitle(entry.subject)}>
        <UntrustedLine text={shortSubject(entry.subject)} />
      </span>
      <span role="gridcell">{entry.actNumber ?? "not told"}</span>
    </>
  );
}

interface LogTableProps {
  rows: LogRow[];
  /** There is more, and it may be asked for. */
  more: (() => void) | undefined;
  onOpen: (row: LogRow) => void;
}

function LogTable({ rows, more, onOpen }: LogTableProps) {
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
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= 0 && last >= rows.length - 40) more?.();
  }, [last, rows.length, more]);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(to, rows.length - 1));
    setAt(next);
    virtual.scrollToIndex(next);
    body.current?.focus({ preventScroll: true });
  };
  const open = () => {
    const row = rows[chosen];
    if (row) onOpen(row);
  };
  const group = "Log";
  useCommands([
    { label: "Next entry", keys: "j", group, run: () => move(chosen + 1) },
    { label: "Entry before", keys: "k", group, run: () => move(chosen - 1) },
    { label: "Open the chosen entry", keys: "o", group, run: open },
  ]);
  return (
    <div className="grid-scroll">
      <div
        className="log-grid"
        role="grid"
        aria-label="Entries"
        aria-rowcount={more ? -1 : rows.length + 1}
        aria-activedescendant={`entry-${chosen.toString()}`}
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
        <div role="row" className="log-row heads" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div
          role="rowgroup"
          className="log-rows"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              // Rows are reached by the grid's own keys.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={row.leafIndex.toString()}
                id={`entry-${index.toString()}`}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-selected={index === chosen}
                className="log-row"
                style={{ translate: `0 ${start.toString()}px` }}
                onClick={() => {
                  setAt(index);
                  onOpen(row);
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

interface AuditLogProps {
  /** Entries of the checkpoint that is shown. */
  size: bigint;
  filter: LogFilter;
  onOpen: (row: LogRow) => void;
}

export function AuditLog({ size, filter, onOpen }: AuditLogProps) {
  const { audit } = useClients();
  const query = useInfiniteQuery({
    queryKey: ["log", size.toString(), filter],
    initialPageParam: size,
    queryFn: ({ pageParam, signal }): Promise<LogPage> =>
      readPage(audit, filter, pageParam, signal),
    getNextPageParam: ({ first }) => (first > 0n ? first : undefined),
    staleTime: Infinity,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const looked = size - (query.data?.pages.at(-1)?.first ?? size);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const next = () => {
    if (!isFetchingNextPage) void fetchNextPage();
  };
  const count = (n: number | bigint) => n.toLocaleString("en-GB");
  const state = isFiltered(filter)
    ? `${count(rows.length)} found among the newest ${count(looked)} of ${count(size)} entries`
    : `${count(size)} entries`;
  useAnnouncement(
    query.isSuccess ? state : "",
    isFiltered(filter) ? query.data?.pages.length : query.isSuccess,
  );
  return (
    <>
      <div className="row spread log-state">
        <span>{state}</span>
        {isFiltered(filter) && hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={next}>
            Look further back
          </Button>
        )}
      </div>
      <ProblemNote error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Loading what="Reading the log" />}
      {query.isSuccess && rows.length === 0 && (
        <p className="nothing">
          {size === 0n ? "Nothing was done yet." : "No entry fits, as far as was looked."}
        </p>
      )}
      {rows.length > 0 && (
        <LogTable
          rows={rows}
          onOpen={onOpen}
          more={hasNextPage && !isFiltered(filter) ? next : undefined}
        />
      )}
    </>
  );
}
