import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
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
import { ShowMore } from "../../../parts/show-more";
import { Moment } from "../../../parts/time";
import { UntrustedLine } from "../../../parts/untrusted-text";
import { accountWords } from "../preview";

const EVERY_STATE = [
  CaseState.OPEN,
  CaseState.ON_HOLD,
  CaseState.AWAITING_APPROVAL,
  CaseState.APPEALED,
  CaseState.DECIDED,
  CaseState.DUPLICATE,
  CaseState.SHREDDED,
];

interface CaseLinesProps {
  cases: CaseSummary[];
  empty: string;
  /** What can be done with each from here. */
  acts?: ((summary: CaseSummary) => ReactNode) | undefined;
}

export function CaseLines({ cases, empty, acts }: CaseLinesProps) {
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
          <th scope="col" className="number">
            Reports
          </th>
          <th scope="col" className="number">
            Who proved something
          </th>
          <th scope="col">State</th>
          {acts && <th scope="col">From here</th>}
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
            <td className="number">{summary.reportCount}</td>
            <td className="number">{summary.provenReporterCount}</td>
            <td>{CASE_STATE[summary.state]}</td>
            {acts && <td>{acts(summary)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All cases about an account, oldest first, page by page. */
function useAccountCases(accusedUri: string) {
  const { review } = useClients();
  return useInfiniteQuery({
    queryKey: ["account cases", accusedUri],
    initialPageParam: "",
    queryFn: ({ pageParam: pageToken, signal }) =>
      review.listCases(
        {
          pageSize: 100,
          pageToken,
          order: CaseOrder.AGE,
          filter: { accusedUri, state: EVERY_STATE },
        },
        { signal },
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    enabled: accusedUri !== "",
  });
}

/** "17 reports in 4 cases, 3 of them with something proven". */
export function reportedWords(cases: readonly CaseSummary[], isPart: boolean): string {
  const reports = cases.reduce((sum, { reportCount }) => sum + reportCount, 0);
  const proven = cases.filter(({ provenCount }) => provenCount > 0).length;
  const count = (n: number, one: string) =>
    `${n.toLocaleString("en-GB")} ${one}${n === 1 ? "" : "s"}`;
  const least = isPart ? "at least " : "";
  return `${least}${count(reports, "report")} in ${count(cases.length, "case")}, ${proven.toLocaleString("en-GB")} of them with something proven`;
}

/** What is known of the accused: proven reports apart from the rest. */
export function AccusedTab({ shown }: { shown: GetCaseResponse }) {
  const { decisions } = useClients();
  const accusedUri = shown.caseSummary?.accusedUri ?? "";
  const script = shown.caseSummary?.languageHint ?? "";
  const cases = useAccountCases(accusedUri);
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
  const all = (cases.data?.pages ?? []).flatMap(({ caseSummary }) => caseSummary);
  const others = all.filter(({ caseId }) => toHex(caseId) !== own);
  return (
    <div className="tab-body">
      <p>
        <UntrustedLine text={accusedUri} />
      </p>
      <dl className="facts">
        <dt>The account now</dt>
        <dd>{strikes.data ? accountWords(strikes.data) : "…"}</dd>
        <dt>Strikes that count</dt>
        <dd>{strikes.data?.strikeCount ?? "…"}</dd>
        <dt>Reported</dt>
        <dd>{cases.data ? reportedWords(all, cases.hasNextPage) : "…"}</dd>
        <dt>Messages that recipients refused</dt>
        <dd>{shown.mismatchNotices.toString()} notices to the platform</dd>
        <dt>Script of its words here</dt>
        <dd>{script === "" ? "not known" : script}</dd>
      </dl>
      <p className="hint">
        The platform tells nothing else of an account: neither its age nor how much it
        sends.
      </p>
      <Asked query={cases} what="Listing their cases" />
      {cases.data && (
        <>
          <h3>Cases in which something is proven</h3>
          <CaseLines cases={others.filter((c) => c.provenCount > 0)} empty="None." />
          <h3>Cases in which nothing is proven</h3>
          <p className="hint">They say that somebody reported, and no more.</p>
          <CaseLines cases={others.filter((c) => c.provenCount === 0)} empty="None." />
          <ShowMore query={cases} what="cases" />
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
