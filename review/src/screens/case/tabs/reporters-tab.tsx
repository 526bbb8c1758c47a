import { useQuery } from "@tanstack/react-query";
import type { Reporter } from "#gen/frank/v1/reporters_pb";
import {
  ReportCondition,
  type CaseReport,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import { useClients } from "../../../api/clients";
import { shortId, toHex } from "../../../api/ids";
import { useSelf } from "../../../api/self";
import { useReasons } from "../../../api/tables";
import { can } from "../../../app/capabilities";
import { Badge } from "../../../parts/badge";
import { Asked } from "../../../parts/asked";
import { Moment, ms, useIsPast } from "../../../parts/time";
import { UntrustedLine, UntrustedText } from "../../../parts/untrusted-text";
import { EndMute, MuteReporter, ReleaseReports } from "../mute";
import type { People } from "../people";
import { countProof, proofSentence } from "../proof";

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toString()} ${count === 1 ? one : many}`;
}

/** What earlier reports came to, in words. */
function recordInWords(reporter: Reporter): string {
  const { reportCount, provenCount, badCount, upheldCount, notUpheldCount } = reporter;
  const judged = upheldCount + notUpheldCount;
  const share = Math.round((100 * upheldCount) / Math.max(judged, 1)).toString();
  return [
    `${counted(reportCount, "report")}, ${provenCount.toString()} of them proved something`,
    ...(badCount > 0
      ? [`${badCount.toString()} could not be opened or held anything forged`]
      : []),
    judged === 0
      ? "none decided yet"
      : `upheld in ${upheldCount.toString()} of ${counted(judged, "decision")} (${share} %)`,
  ].join("; ");
}

/** What a reporter's earlier reports came to. */
function Record({ uri }: { uri: string }) {
  const self = useSelf();
  const { reporters } = useClients();
  const query = useQuery({
    queryKey: ["reporter", uri],
    queryFn: ({ signal }) => reporters.getReporter({ reporterUri: uri }, { signal }),
  });
  const reporter = query.data?.reporter;
  const muted = !useIsPast(ms(reporter?.mutedUntil ?? 0n));
  if (!reporter) return <Asked query={query} what="Looking up their record" />;
  return (
    <>
      <dl className="facts">
        <dt>Record</dt>
        <dd>{recordInWords(reporter)}</dd>
        <dt>Weight</dt>
        <dd>{(reporter.weight / 10).toFixed(0)} % of a full report</dd>
        {reporter.replayCount > 0 && (
          <>
            <dt>Replays</dt>
            <dd>{reporter.replayCount} proofs that others had brought</dd>
          </>
        )}
        {muted && (
          <>
            <dt>Muted</dt>
            <dd>
              until <Moment at={reporter.mutedUntil} /> by {reporter.mutedBy};{" "}
              {query.data?.held.length}
              {query.data?.moreHeld ? " or more" : ""} reports wait
            </dd>
          </>
        )}
      </dl>
      {can(self, "muteReporters") && (
        <div className="row">
          {!muted && <MuteReporter reporterUri={uri} />}
          {muted && (query.data?.held.length ?? 0) > 0 && (
            <ReleaseReports reporterUri={uri} />
          )}
          {muted && <EndMute reporterUri={uri} />}
        </div>
      )}
    </>
  );
}

function Report({
  report,
  accused,
  words,
}: {
  report: CaseReport;
  accused: string;
  words: CaseReport | undefined;
}) {
  const { titleOf } = useReasons();
  return (
    <li className="report">
      <div className="row">
        <strong>{titleOf(report.reason)}</strong>
        <Moment at={report.acceptedAt} />
        <span className="mono faint">{shortId(report.reportId)}</span>
        {report.condition === ReportCondition.UNOPENABLE && (
          <Badge tone="doubt">cannot be opened</Badge>
        )}
      </div>
      <p>{proofSentence(countProof([report], accused))}</p>
      {words === undefined && (
        <p className="faint">
          What they wrote is shown to who holds the case and asks for it.
        </p>
      )}
      {words?.note && (
        <blockquote>
          <UntrustedText text={words.note} />
        </blockquote>
      )}
    </li>
  );
}

interface ReportersTabProps {
  shown: GetCaseResponse;
  people: People;
  words: CaseReport[] | undefined;
}

/** Who reported, what they said, and what their word has been worth. */
export function ReportersTab({ shown, people, words }: ReportersTabProps) {
  const uris = [...new Set(shown.report.map(({ reporterUri }) => reporterUri))];
  const wordsOf = new Map(words?.map((report) => [toHex(report.reportId), report]));
  return (
    <div className="tab-body">
      {shown.leftOutReportCount > 0 && (
        <p className="notice">{shown.leftOutReportCount} older reports are not shown.</p>
      )}
      {uris.map((uri) => (
        <section key={uri} className="reporter">
          <h3>
            {people.roleOf(uri)}{" "}
            <span className="faint">
              <UntrustedLine text={uri} />
            </span>
          </h3>
          <Record uri={uri} />
          <ul className="lines">
            {shown.report
              .filter(({ reporterUri }) => reporterUri === uri)
              .map((report) => (
                <Report
                  key={toHex(report.reportId)}
                  report={report}
                  accused={shown.caseSummary?.accusedUri ?? ""}
                  words={wordsOf.get(toHex(report.reportId))}
                />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
