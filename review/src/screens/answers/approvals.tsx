import { useInfiniteQuery } from "@tanstack/react-query";
import type { Decision } from "#gen/frank/v1/decision_pb";
import { useClients } from "../../api/clients";
import { shortId, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { useReasons } from "../../api/tables";
import { useCaseChanges } from "../../api/watch";
import { SEVERITY } from "../../api/words";
import { can } from "../../app/capabilities";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Bars } from "../../parts/badge";
import { Due } from "../../parts/due";
import { ShowMore } from "../../parts/show-more";
import { useNow } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { DecisionView, waitsFor } from "../case/decision-view";
import { FirstLook } from "../case/first-look";
import { useCaseRecord } from "../case/use-case";
import { shortUri } from "../queue/case-table";
import { useListKeys } from "./list-keys";
import "../case/case.css";
import "./answers.css";

/** As many as are shown with what was looked at in them. */
const PAGE_SIZE = 20;

function useApprovals() {
  const { decisions } = useClients();
  const list = useInfiniteQuery({
    queryKey: ["approvals"],
    initialPageParam: "",
    queryFn: ({ pageParam: pageToken, signal }) =>
      decisions.listApprovals({ pageSize: PAGE_SIZE, pageToken }, { signal }),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  useCaseChanges(() => {
    void list.refetch();
  });
  return list;
}

/** What the case is, once it is loaded: as in the list of appeals. */
function CaseLine({ id }: { id: string }) {
  const { titleOf } = useReasons();
  const summary = useCaseRecord(id).data?.caseSummary;
  if (!summary) return <p className="mono">{shortId(id)}</p>;
  const { reason, severity, deadline } = summary;
  return (
    <p className="row">
      {reason.map(titleOf).join(", ")} ·{" "}
      <Bars level={severity} words={SEVERITY[severity]} /> ·{" "}
      <span>
        due <Due at={deadline} />
      </span>{" "}
      · <span className="mono">{shortId(id)}</span>
    </p>
  );
}

function Entry({ decision, accusedUri }: { decision: Decision; accusedUri: string }) {
  const self = useSelf();
  const now = useNow(15_000);
  const caseId = decision.caseId[0] ? toHex(decision.caseId[0]) : "";
  const isOwn = decision.moderator === self.id;
  return (
    <li className="answer">
      <div className="row spread">
        <h2>
          <UntrustedLine text={shortUri(accusedUri)} />
        </h2>
        <span className="faint">waits {waitsFor(decision.decidedAt, now)}</span>
      </div>
      <CaseLine id={caseId} />
      {decision.caseId.length > 1 && (
        <p>Decides {decision.caseId.length} cases, this one first.</p>
      )}
      <DecisionView decision={decision} />
      <FirstLook decision={decision} />
      <a className="button primary" href={href("case", caseId)}>
        {isOwn
          ? "Look at your proposal"
          : can(self, "approve")
            ? "See what they saw, and answer"
            : "See the case"}
      </a>
    </li>
  );
}

/** What waits for a second person, with what the first one saw and wrote. */
export default function Approvals() {
  const list = useApprovals();
  const keyed = useListKeys<HTMLUListElement>("approval");
  const entries = list.data?.pages.flatMap(({ approval }) => approval) ?? [];
  return (
    <div className="page narrow stack">
      <h1>Approvals</h1>
      <Asked query={list} what="Listing approvals" />
      {list.isSuccess && entries.length === 0 && !list.hasNextPage && (
        <p className="faint">Nothing waits for a second person.</p>
      )}
      <ul className="answers" ref={keyed}>
        {entries.map(
          ({ decision, accusedUri }) =>
            decision && (
              <Entry
                key={toHex(decision.decisionId)}
                decision={decision}
                accusedUri={accusedUri}
              />
            ),
        )}
      </ul>
      <ShowMore query={list} what="approvals" />
    </div>
  );
}
