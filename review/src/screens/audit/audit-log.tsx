// The list of entries, newest first.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClients } from "../../api/clients";
import { useAnnouncement } from "../../app/announce";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { LongGrid } from "../../parts/long-grid";
import { useMore } from "../../parts/more";
import { rowsOf } from "../../parts/rows";
import { moment } from "../../parts/time";
import { inTitle, UntrustedLine } from "../../parts/untrusted-text";
import { actInWords } from "./act-words";
import { actorInWords } from "./detail-words";
import { isFiltered, type LogFilter } from "./filter";
import { readPage, type LogPage, type LogRow } from "./log-pages";

const COLUMNS = ["Entry", "Time", "Who", "What", "About", "No. about it"];

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
        <UntrustedLine text={actorInWords(entry.actor)} />
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

const COMMANDS = {
  group: "Log",
  next: "Next entry",
  before: "Entry before",
  open: "Open the chosen entry",
};

const cells = (row: LogRow) => <Cells row={row} />;

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
  const pages = query.data?.pages;
  const rows = useMemo(() => rowsOf(pages ?? []), [pages]);
  const looked = size - (pages?.at(-1)?.first ?? size);
  const { hasNextPage, isFetchingNextPage } = query;
  const { more, retry } = useMore(query);
  const count = (n: number | bigint) => n.toLocaleString("en-GB");
  const state = isFiltered(filter)
    ? `${count(rows.count)} found among the newest ${count(looked)} of ${count(size)} entries`
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
          <Button busy={isFetchingNextPage} onClick={more ?? retry}>
            Look further back
          </Button>
        )}
      </div>
      <Asked query={query} what="Reading the log" retry={retry} />
      {query.isSuccess && rows.count === 0 && (
        <p className="nothing">
          {size === 0n ? "Nothing was done yet." : "No entry fits, as far as was looked."}
        </p>
      )}
      {rows.count > 0 && (
        <LongGrid
          label="Entries"
          className="log-grid"
          columns={COLUMNS}
          {...{ rows, cells, onOpen }}
          more={isFiltered(filter) ? undefined : more}
          isPart={hasNextPage}
          commands={COMMANDS}
        />
      )}
    </>
  );
}
