import { useQuery } from "@tanstack/react-query";
import {
  CaseOrder,
  CaseState,
  type CaseSummary,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import { useClients } from "../../../api/clients";
import { shortId, toHex } from "../../../api/ids";
import { useReasons } from "../../../api/tables";
import { CASE_STATE } from "../../../api/words";
import { href } from "../../../app/router";
import { Asked } from "../../../parts/asked";
import { ProofBadge } from "../../../parts/proof-badge";
import { Moment } from "../../../parts/time";
import { UntrustedLine } from "../../../parts/untrusted-text";

const EVERY_STATE = [
  CaseState.OPEN,
  CaseState.ON_HOLD,
  CaseState.AWAITING_APPROVAL,
  CaseState.APPEALED,
  CaseState.DECIDED,
  CaseState.DUPLICATE,
  CaseState.SHREDDED,
];

export function CaseLines({ cases, empty }: { cases: CaseSummary[]; empty: string }) {
  const { titleOf } = useReasons();
  if (cases.length === 0) return <p className="faint">{empty}</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">Opened</th>
          <th scope="col">Reported as</th>
          <th scope="col">Proof</th>
          <th scope="col">Reporters</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {cases.map((summary) => (
          <tr key={toHex(summary.caseId)}>
            <td>
              <a className="mono" href={href("case", toHex(summary.caseId))}>
                {shortId(summary.caseId)}
              </a>
            </td>
            <td>
              <Moment at={summary.openedAt} />
            </td>
            <td>{summary.reason.map(titleOf).join(", ")}</td>
            <td>
              <ProofBadge summary={summary} />
            </td>
            <td>{summary.provenReporterCount}</td>
            <td>{CASE_STATE[summary.state]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is known of the accused: proven reports apart from the rest. */
export function AccusedTab({ shown }: { shown: GetCaseResponse }) {
  const { review, decisions } = useClients();
  const accusedUri = shown.caseSummary?.accusedUri ?? "";
  const cases = useQuery({
    queryKey: ["account cases", accusedUri],
    queryFn: ({ signal }) =>
      review.listCases(
        {
          pageSize: 100,
          order: CaseOrder.AGE,
          filter: { accusedUri, state: EVERY_STATE },
        },
        { signal },
      ),
    enabled: accusedUri !== "",
  });
  const strikes = useQuery({
    queryKey: ["strikes", accusedUri],
    queryFn: ({ signal }) =>
      decisions.listStrikes({ accountUri: accusedUri }, { signal }),
    enabled: accusedUri !== "",
  });
  if (accusedUri === "")
    return (
      <p className="tab-body">Nobody is accused: the reports could not be opened.</p>
    );
  const own = toHex(shown.caseSummary?.caseId ?? new Uint8Array());
  const others = (cases.data?.caseSummary ?? []).filter(
    ({ caseId }) => toHex(caseId) !== own,
  );
  return (
    <div className="tab-body">
      <p>
        <UntrustedLine text={accusedUri} />
      </p>
      <dl className="facts">
        <dt>Strikes that count</dt>
        <dd>{strikes.data?.strikeCount ?? "…"}</dd>
        <dt>Messages that recipients refused</dt>
        <dd>{shown.mismatchNotices.toString()} notices to the platform</dd>
        <dt>Other cases</dt>
        <dd>
          {cases.data ? others.length : "…"}
          {cases.data?.nextPageToken ? " or more" : ""}
        </dd>
      </dl>
      <Asked query={cases} what="Listing their cases" />
      {cases.data && (
        <>
          <h3>Cases in which something is proven</h3>
          <CaseLines cases={others.filter((c) => c.provenCount > 0)} empty="None." />
          <h3>Cases in which nothing is proven</h3>
          <p className="hint">They say that somebody reported, and no more.</p>
          <CaseLines cases={others.filter((c) => c.provenCount === 0)} empty="None." />
        </>
      )}
      <h3>Strikes</h3>
      <Asked query={strikes} what="Counting their strikes" />
      {strikes.data?.strike.length === 0 && <p className="faint">None.</p>}
      <ul className="lines">
        {strikes.data?.strike.map((strike) => (
          <li key={toHex(strike.decisionId)}>
            <code>{strike.policy}</code>, weight {strike.weight},{" "}
            <Moment at={strike.addedAt} />
            {strike.reversed ? (
              ", reversed"
            ) : (
              <>
                , counts until <Moment at={strike.expiresAt} />
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
