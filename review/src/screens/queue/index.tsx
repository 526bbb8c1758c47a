import { useCallback, useEffect, useState } from "react";
import { now } from "../../api/clock";
import { useSelf } from "../../api/self";
import { watching } from "../../api/watch";
import { useAnnouncement } from "../../app/announce";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { usePlace } from "../../app/router";
import { useStore } from "../../app/store";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { useMore } from "../../parts/more";
import { filterOf, orderOf } from "./case-filter";
import { hasLeft, type CaseRow } from "./case-rows";
import { CaseTable } from "./case-table";
import { FilterBar } from "./filter-bar";
import { NextButton } from "./next-button";
import { useCaseList } from "./use-case-list";
import { ViewList } from "./view-list";
import { rememberView } from "./views";
import "./queue.css";

function List({ query }: { query: URLSearchParams }) {
  const key = query.toString();
  const [view] = useState(() => ({
    filter: filterOf(query, now()),
    order: orderOf(query),
    words: query.get("words") ?? "",
  }));
  const { query: pages, rows, elsewhere, lost, reload } = useCaseList(view, key);
  const { more, retry } = useMore(pages);
  const live = useStore(watching);
  const left = useCallback((row: CaseRow) => hasLeft(row, view.filter), [view]);
  useCommands([{ label: "Refresh the list", keys: "r", group: "List", run: reload }]);
  const count = `${rows.count.toLocaleString("en-GB")}${pages.hasNextPage ? " or more" : ""} ${rows.count === 1 ? "case" : "cases"}`;
  useAnnouncement(pages.isSuccess ? count : "", pages.isSuccess);
  const isOld = elsewhere > 0 || lost;
  useAnnouncement(isOld ? "The list has changed: refresh it." : "", isOld);
  return (
    <>
      <div className="row spread list-state">
        <span>
          {count}
          {!live && <span className="faint"> · changes do not arrive at the moment</span>}
        </span>
        <Button kind={isOld ? "plain" : "quiet"} shortcut="r" onClick={reload}>
          {lost
            ? "Much has changed: refresh"
            : elsewhere > 0
              ? `${elsewhere.toString()} changed elsewhere: refresh`
              : "Refresh"}
        </Button>
      </div>
      <Asked query={pages} what="Listing cases" retry={retry} />
      {pages.isSuccess && rows.count === 0 && !pages.hasNextPage && (
        <p className="nothing">
          Nothing here. That is a good thing, unless the filter hides it.
        </p>
      )}
      {(rows.count > 0 || pages.hasNextPage) && (
        <CaseTable rows={rows} hasLeft={left} more={more} isPart={pages.hasNextPage} />
      )}
    </>
  );
}

export default function Queue() {
  const self = useSelf();
  const { query } = usePlace();
  useEffect(() => {
    rememberView(self.id, query);
  }, [self.id, query]);
  return (
    <div className="queue-screen">
      <aside>
        {can(self, "workOnCases") && <NextButton key={query.toString()} query={query} />}
        <ViewList here={query.toString()} />
      </aside>
      <section aria-label="Cases" className="queue-list">
        <h1 className="unseen">Queue</h1>
        <FilterBar query={query} />
        <List query={query} key={query.toString()} />
      </section>
    </div>
  );
}
