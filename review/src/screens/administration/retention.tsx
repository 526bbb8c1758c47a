import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type {
  ListDueResponse,
  ListDueResponse_DueCase as DueCase,
  LegalHold,
} from "#gen/frank/v1/retention_pb";
import { useClients } from "../../api/clients";
import { now } from "../../api/clock";
import { shortId, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { OBSTACLE, RETENTION } from "../../api/words";
import { can } from "../../app/capabilities";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { useMore } from "../../parts/more";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { keptFor, Moment, ms } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { LiftHold } from "../case/lift-hold";
import { allPages } from "../dashboards/queries";
import { useConfiguration } from "./routing";

const DAY = 86_400_000;
const AHEAD = { "0": "now", "7": "within 7 days", "30": "within 30 days" };

function CaseLink({ caseId }: { caseId: Uint8Array }) {
  const self = useSelf();
  const id = toHex(caseId);
  if (!can(self, "workOnCases")) return <code title={id}>{shortId(id)}</code>;
  return (
    <a className="mono" href={href("case", id)} title={id}>
      {shortId(id)}
    </a>
  );
}

function Clocks() {
  const query = useConfiguration();
  const { data } = query;
  return (
    <section>
      <h3>Clocks</h3>
      <Asked query={query} what="Reading the clocks" />
      {data && (
        <>
          <p className="hint">Kept for so long from the closing of the case:</p>
          <ul>
            {data.retentionClock.map(({ retentionClass, keepMs }) => (
              <li key={retentionClass} className="initial">
                {RETENTION[retentionClass]}: {keptFor(ms(keepMs))}
              </li>
            ))}
          </ul>
          <p>Entries of the audit log: {keptFor(ms(data.keepAuditMs))}</p>
        </>
      )}
    </section>
  );
}

function ReviewKeys({ first }: { first: ListDueResponse }) {
  return (
    <section>
      <h3>Review keys</h3>
      <ul>
        {first.reviewKey.map((key) => (
          <li key={toHex(key.reviewKeyId)}>
            <code>{toHex(key.reviewKeyId)}</code>, until <Moment at={key.notAfter} />:{" "}
            {key.destroyed ? (
              "its private key is destroyed"
            ) : (
              <>
                its private key is to be destroyed <Moment at={key.destroyAt} />
              </>
            )}
          </li>
        ))}
      </ul>
      {first.auditDueBefore > 0n && (
        <p className="notice">
          Entries of the audit log before {first.auditDueBefore.toLocaleString("en-GB")}{" "}
          are older than its retention.
        </p>
      )}
    </section>
  );
}

function DueRow({ due }: { due: DueCase }) {
  return (
    <tr>
      <th scope="row">
        <CaseLink caseId={due.caseId} />
      </th>
      <td>{due.policyArea}</td>
      <td>{RETENTION[due.retentionClass]}</td>
      <td>
        <Moment at={due.closedAt} />
      </td>
      <td>
        <Moment at={due.dueAt} />
      </td>
      <td>
        {due.obstacle.length === 0
          ? "nothing"
          : due.obstacle.map((obstacle) => (
              <Badge key={obstacle} tone="doubt">
                {OBSTACLE[obstacle]}
              </Badge>
            ))}
      </td>
    </tr>
  );
}

function Due() {
  const { retention } = useClients();
  const [ahead, setAhead] = useState("0");
  const query = useInfiniteQuery({
    queryKey: ["due", ahead],
    initialPageParam: { pageToken: "", until: 0n },
    queryFn: async ({ pageParam, signal }) => {
      // All pages of one list are of one time.
      const days = Number(ahead) * DAY;
      const until = pageParam.until || BigInt(now() + days);
      const dueUntil = ahead === "0" ? 0n : until;
      const request = { dueUntil, pageSize: 200, pageToken: pageParam.pageToken };
      return { page: await retention.listDue(request, { signal }), until };
    },
    getNextPageParam: ({ page, until }) =>
      page.nextPageToken ? { pageToken: page.nextPageToken, until } : undefined,
  });
  const { retry } = useMore(query);
  const pages = query.data?.pages.map(({ page }) => page) ?? [];
  const rows = pages.flatMap(({ dueCase }) => dueCase);
  return (
    <>
      <section className="stack">
        <div className="row spread">
          <h3>What is to be erased</h3>
          <label className="row">
            <span>Due</span>
            <select
              className="select"
              value={ahead}
              onChange={(event) => setAhead(event.target.value)}
            >
              {Object.entries(AHEAD).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        </div>
        <Asked query={query} what="Listing what is due" retry={retry} />
        {query.isSuccess && rows.length === 0 && <p className="faint">Nothing is due.</p>}
        {rows.length > 0 && (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Case</th>
                <th scope="col">Area</th>
                <th scope="col">Kept because</th>
                <th scope="col">Closed</th>
                <th scope="col">Due</th>
                <th scope="col">In the way</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((due) => (
                <DueRow key={toHex(due.caseId)} due={due} />
              ))}
            </tbody>
          </table>
        )}
        {query.hasNextPage && (
          <div>
            <Button
              busy={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more
            </Button>
          </div>
        )}
      </section>
      {pages[0] && <ReviewKeys first={pages[0]} />}
    </>
  );
}

function Holds() {
  const self = useSelf();
  const { retention } = useClients();
  const query = useQuery<LegalHold[]>({
    queryKey: ["legal-holds"],
    queryFn: ({ signal }) =>
      allPages("", async (pageToken) => {
        const page = await retention.listLegalHolds(
          { pageSize: 200, pageToken },
          { signal },
        );
        return { items: page.legalHold, next: page.nextPageToken };
      }),
  });
  const holds = query.data ?? [];
  return (
    <section>
      <h3>Legal holds</h3>
      <Asked query={query} what="Listing legal holds" />
      {query.isSuccess && holds.length === 0 && <p className="faint">No case is held.</p>}
      <ul>
        {holds.map((hold) => (
          <li key={`${toHex(hold.holdId)} ${toHex(hold.caseId)}`}>
            <CaseLink caseId={hold.caseId} /> held by{" "}
            <UntrustedLine text={hold.moderator} /> since <Moment at={hold.placedAt} />
            {hold.fromCaseId.length > 0 && (
              <>
                , on account of <CaseLink caseId={hold.fromCaseId} />
              </>
            )}{" "}
            {can(self, "holdLegally") && <LiftHold hold={hold} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Retention() {
  return (
    <div className="stack">
      <h2>Retention</h2>
      <div className="two-columns">
        <div className="stack">
          <Due />
        </div>
        <div className="stack">
          <Clocks />
          <Holds />
        </div>
      </div>
    </div>
  );
}
