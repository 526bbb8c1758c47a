import { useQuery } from "@tanstack/react-query";
import { CaseOrder, CaseState } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { useReasons } from "../../api/tables";
import { useCaseChanges } from "../../api/watch";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Due } from "../../parts/due";
import { Ago } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { shortUri } from "../queue/case-table";
import { useListKeys } from "./list-keys";
import "../queue/queue.css";
import "./answers.css";

/** Cases whose accused appealed: somebody else than the first time answers. */
export default function Appeals() {
  const { review } = useClients();
  const { titleOf } = useReasons();
  const keyed = useListKeys<HTMLTableSectionElement>("appeal");
  const list = useQuery({
    queryKey: ["appeals"],
    queryFn: ({ signal }) =>
      review.listCases(
        { filter: { state: [CaseState.APPEALED] }, order: CaseOrder.AGE, pageSize: 200 },
        { signal },
      ),
  });
  useCaseChanges(() => {
    void list.refetch();
  });
  const cases = list.data?.caseSummary ?? [];
  return (
    <div className="page stack">
      <h1>Appeals</h1>
      <p className="hint">
        Whoever had a hand in a decision does not answer the appeal against it.
      </p>
      <Asked query={list} what="Listing appeals" />
      {list.isSuccess && cases.length === 0 && (
        <p className="faint">Nobody has appealed.</p>
      )}
      {cases.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Decided about</th>
              <th scope="col">Opened ago</th>
              <th scope="col">Due</th>
              <th scope="col">Held by</th>
              <th scope="col">Not for</th>
              <th scope="col">Case</th>
            </tr>
          </thead>
          <tbody ref={keyed}>
            {cases.map((summary) => (
              <tr key={toHex(summary.caseId)}>
                <th scope="row">
                  <UntrustedLine text={shortUri(summary.accusedUri)} />
                </th>
                <td>{summary.reason.map(titleOf).join(", ")}</td>
                <td>
                  <Ago at={summary.openedAt} />
                </td>
                <td>
                  <Due at={summary.deadline} />
                </td>
                <td>{summary.lease?.holder ?? "nobody"}</td>
                <td>{summary.excludedModerator.join(", ")}</td>
                <td>
                  <a href={href("case", toHex(summary.caseId))}>Open</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
