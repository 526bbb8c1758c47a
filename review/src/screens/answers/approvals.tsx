import { useQuery } from "@tanstack/react-query";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { useCaseChanges } from "../../api/watch";
import { APPROVAL_CAUSE } from "../../api/words";
import { can } from "../../app/capabilities";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { useNow } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { DecisionView, waitsFor } from "../case/decision-view";
import { shortUri } from "../queue/case-table";
import { useListKeys } from "./list-keys";
import "../case/case.css";
import "./answers.css";

/** What waits for a second person, with what the first one wrote. */
export default function Approvals() {
  const self = useSelf();
  const { decisions } = useClients();
  const now = useNow(15_000);
  const keyed = useListKeys<HTMLUListElement>("approval");
  const list = useQuery({
    queryKey: ["approvals"],
    queryFn: ({ signal }) => decisions.listApprovals({ pageSize: 200 }, { signal }),
  });
  useCaseChanges(() => {
    void list.refetch();
  });
  const entries = list.data?.approval ?? [];
  return (
    <div className="page narrow stack">
      <h1>Approvals</h1>
      <Asked query={list} what="Listing approvals" />
      {list.isSuccess && entries.length === 0 && (
        <p className="faint">Nothing waits for a second person.</p>
      )}
      <ul className="answers" ref={keyed}>
        {entries.map(({ decision, accusedUri }) => {
          if (!decision) return null;
          const caseId = decision.caseId[0] ? toHex(decision.caseId[0]) : "";
          const isOwn = decision.moderator === self.id;
          return (
            <li key={toHex(decision.decisionId)} className="answer">
              <div className="row spread">
                <h2>
                  <UntrustedLine text={shortUri(accusedUri)} />
                </h2>
                <span className="faint">waits {waitsFor(decision.decidedAt, now)}</span>
              </div>
              <p>
                Needs a second person:{" "}
                {decision.approvalCause.map((cause) => APPROVAL_CAUSE[cause]).join("; ")}.
                {decision.caseId.length > 1 &&
                  ` Decides ${decision.caseId.length.toString()} cases.`}
              </p>
              <DecisionView decision={decision} />
              <a className="button primary" href={href("case", caseId)}>
                {isOwn
                  ? "Look at your proposal"
                  : can(self, "approve")
                    ? "See what they saw, and answer"
                    : "See the case"}
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
