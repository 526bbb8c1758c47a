import { useInfiniteQuery } from "@tanstack/react-query";
import { DecisionEventKind, type Decision } from "#gen/frank/v1/decision_pb";
import { CaseOrder, CaseState, type CaseSummary } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { shortId, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { useReasons } from "../../api/tables";
import { useCaseChanges } from "../../api/watch";
import { SEVERITY } from "../../api/words";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Bars } from "../../parts/badge";
import { Due } from "../../parts/due";
import { ShowMore } from "../../parts/show-more";
import { Ago } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { DecisionView } from "../case/decision-view";
import { useCaseRecord } from "../case/use-case";
import { shortUri } from "../queue/case-table";
import { useListKeys } from "./list-keys";
import "../case/case.css";
import "./answers.css";

/** As many as are shown with what was decided in them. */
const PAGE_SIZE = 20;

function useAppeals() {
  const { review } = useClients();
  const list = useInfiniteQuery({
    queryKey: ["appeals"],
    initialPageParam: "",
    queryFn: ({ pageParam: pageToken, signal }) =>
      review.listCases(
        {
          filter: { state: [CaseState.APPEALED] },
          order: CaseOrder.DEADLINE,
          pageSize: PAGE_SIZE,
          pageToken,
        },
        { signal },
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  useCaseChanges(() => {
    void list.refetch();
  });
  return list;
}

/** What the newest appeal of the case is against. */
function appealedAgainst(decisions: Decision[]): Decision | undefined {
  return decisions.findLast(({ event }) =>
    event.some(({ kind }) => kind === DecisionEventKind.APPEALED),
  );
}

function Against({ id }: { id: string }) {
  const record = useCaseRecord(id);
  if (!record.data) return <Asked query={record} what="Reading what was decided" />;
  const decision = appealedAgainst(record.data.decision);
  return decision ? <DecisionView decision={decision} /> : null;
}

function Entry({ summary }: { summary: CaseSummary }) {
  const self = useSelf();
  const { titleOf } = useReasons();
  const id = toHex(summary.caseId);
  const isExcluded = summary.excludedModerator.includes(self.id);
  const holder = summary.lease?.holder;
  return (
    <li className="answer">
      <div className="row spread">
        <h2>
          <UntrustedLine text={shortUri(summary.accusedUri)} />
        </h2>
        <span>
          <span className="faint">appealed</span> <Ago at={summary.appealedAt} />{" "}
          <span className="faint">ago, answer due</span> <Due at={summary.deadline} />
        </span>
      </div>
      <p className="row">
        {summary.reason.map(titleOf).join(", ")} ·{" "}
        <Bars level={summary.severity} words={SEVERITY[summary.severity]} /> ·{" "}
        {holder === undefined ? "nobody holds it" : `${holder} holds it`} ·{" "}
        <span className="mono">{shortId(summary.caseId)}</span>
      </p>
      <Against id={id} />
      <p className="hint">
        What the account wrote is shown to whoever holds the case. Not for{" "}
        {summary.excludedModerator.join(", ")}: they had a hand in the decision.
      </p>
      <a className={`button ${isExcluded ? "" : "primary"}`} href={href("case", id)}>
        {isExcluded ? "See the case" : "See what they saw, and answer"}
      </a>
    </li>
  );
}

/** Cases whose accused appealed: somebody else than the first time answers. */
export default function Appeals() {
  const list = useAppeals();
  const keyed = useListKeys<HTMLUListElement>("appeal");
  const cases = list.data?.pages.flatMap(({ caseSummary }) => caseSummary) ?? [];
  return (
    <div className="page narrow stack">
      <h1>Appeals</h1>
      <p className="hint">
        Whoever had a hand in a decision does not answer the appeal against it.
      </p>
      <Asked query={list} what="Listing appeals" />
      {list.isSuccess && cases.length === 0 && !list.hasNextPage && (
        <p className="faint">Nobody has appealed.</p>
      )}
      <ul className="answers" ref={keyed}>
        {cases.map((summary) => (
          <Entry key={toHex(summary.caseId)} summary={summary} />
        ))}
      </ul>
      <ShowMore query={list} what="appeals" />
    </div>
  );
}
