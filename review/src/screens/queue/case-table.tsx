import { useCallback } from "react";
import { shortId } from "../../api/ids";
import { useQueues, useReasons } from "../../api/tables";
import { CASE_STATE, SEVERITY } from "../../api/words";
import { go, href } from "../../app/router";
import { Bars } from "../../parts/badge";
import { Due } from "../../parts/due";
import { LongGrid } from "../../parts/long-grid";
import { ProofBadge } from "../../parts/proof-badge";
import type { Rows } from "../../parts/rows";
import { Ago } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import type { CaseRow } from "./case-rows";

const COLUMNS = [
  "Severity",
  "Reported as",
  "Accused",
  "Proof",
  "Due",
  "Waits",
  "State",
  "Queue",
  "Case",
];

/** The last words of an address: what tells accounts of one server apart. */
export function shortUri(uri: string): string {
  return uri.replace(/^[a-z]+:\/\/[^/]+\//, "");
}

type Title = (key: string) => string;

interface CellsProps {
  row: CaseRow;
  reasonTitle: Title;
  queueTitle: Title;
  left: boolean;
}

function Cells({ row, reasonTitle, queueTitle, left }: CellsProps) {
  const { holder } = row;
  const reasons = row.reason.map(reasonTitle);
  return (
    <>
      <span role="gridcell">
        <Bars level={row.severity} words={SEVERITY[row.severity]} />
      </span>
      <span role="gridcell" title={reasons.join(", ")}>
        {reasons[0] ?? "not known"}
        {reasons.length > 1 && <span className="faint"> +{reasons.length - 1}</span>}
      </span>
      <span role="gridcell">
        {row.accusedUri ? (
          <UntrustedLine text={shortUri(row.accusedUri)} />
        ) : (
          <span className="faint">nobody</span>
        )}
      </span>
      <span role="gridcell">
        <ProofBadge summary={row} />
        {row.provenReporterCount > 1 && (
          <span className="faint"> by {row.provenReporterCount}</span>
        )}
      </span>
      <span role="gridcell">
        <Due at={row.deadline} />
      </span>
      <span role="gridcell">
        <Ago at={row.openedAt} />
      </span>
      <span role="gridcell">
        {left && <strong className="has-left">left this list: </strong>}
        {CASE_STATE[row.state]}
        {holder && <strong>, {holder}</strong>}
      </span>
      <span role="gridcell">{queueTitle(row.queue)}</span>
      <span role="gridcell">
        <a className="mono" tabIndex={-1} href={href("case", row.id)}>
          {shortId(row.id)}
        </a>
      </span>
    </>
  );
}

const COMMANDS = {
  group: "List",
  next: "Next case in the list",
  before: "Case before in the list",
  open: "Open the chosen case",
};

interface CaseTableProps {
  rows: Rows<CaseRow>;
  /** Whether a case may not belong here any more; the same one each time. */
  hasLeft: (row: CaseRow) => boolean;
  more: (() => void) | undefined;
  isPart: boolean;
}

export function CaseTable({ hasLeft, ...list }: CaseTableProps) {
  const { titleOf: reasonTitle } = useReasons();
  const { titleOf: queueTitle } = useQueues();
  const cells = useCallback(
    (row: CaseRow) => <Cells {...{ row, reasonTitle, queueTitle }} left={hasLeft(row)} />,
    [reasonTitle, queueTitle, hasLeft],
  );
  return (
    <LongGrid
      {...list}
      label="Cases"
      className="case-grid"
      columns={COLUMNS}
      cells={cells}
      rowClass={(row) => (hasLeft(row) ? "changed" : "")}
      onOpen={({ id }) => go(href("case", id))}
      commands={COMMANDS}
    />
  );
}
