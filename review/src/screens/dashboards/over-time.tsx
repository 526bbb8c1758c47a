// What came in, what was found, what was reached in time, over time.
import type { ReactNode } from "react";
import { ReachedPeriod } from "#gen/frank/v1/target_pb";
import { useReasons } from "../../api/tables";
import { roughly } from "../../parts/time";
import { FigureCard, type Column } from "./figure-card";
import {
  percentInTime,
  targetPercent,
  type InflowRow,
  type InTime,
  type KindRow,
  type ReachedRow,
  type TimeOfKind,
} from "./figures";
import { LineChart, type Line } from "./line-chart";
import { periodName, type Span } from "./spans";

interface TimedRow {
  start: number;
}

function startColumn<Row extends TimedRow>({ period }: Span): Column<Row> {
  return {
    name: "period_start_utc",
    heading: "From",
    isHead: true,
    value: ({ start }) => new Date(start).toISOString().slice(0, 10),
    shown: ({ start }) => periodName(start, period),
  };
}

/** Columns of numbers: name in the CSV, heading, value. */
function counts<Row>(
  ...columns: [name: string, heading: string, value: (row: Row) => number][]
): Column<Row>[] {
  return columns.map(([name, heading, value]) => ({ name, heading, value }));
}

const percent = (value: number) => `${Math.round(value).toString()} %`;
const whole = (value: number) => value.toLocaleString("en-GB");

/** "Cases opened: 412 in all, 3 to 40, 12 at the end". */
export function summaryOf(lines: readonly Line[], format: (n: number) => string): string {
  return lines
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== undefined);
      const last = known.at(-1);
      if (last === undefined) return `${label}: nothing`;
      const least = format(Math.min(...known));
      const most = format(Math.max(...known));
      return `${label}: ${least} to ${most}, ${format(last)} at the end`;
    })
    .join(". ");
}

interface OverTimeProps<Row extends TimedRow> {
  title: string;
  note: ReactNode;
  file: string;
  span: Span;
  rows: Row[];
  lines: Line[];
  columns: Column<Row>[];
  format?: (value: number) => string;
  max?: number;
}

function OverTime<Row extends TimedRow>(props: OverTimeProps<Row>) {
  const { title, note, file, span, rows, lines, columns, format = whole, max } = props;
  const chart = (
    <LineChart
      times={rows.map(({ start }) => start)}
      nameOf={(time) => periodName(time, span.period)}
      summary={`${title}. ${summaryOf(lines, format)}`}
      {...{ lines, format }}
      {...(max !== undefined && { max })}
    />
  );
  return (
    <FigureCard
      {...{ title, note, file, chart, rows }}
      caption={`${title}, by ${span.period === ReachedPeriod.MONTH ? "month" : "day"} of UTC`}
      columns={[startColumn(span), ...columns]}
    />
  );
}

export function InflowFigure({ rows, span }: { rows: InflowRow[]; span: Span }) {
  return (
    <OverTime
      title="What came in"
      note="Cases that were opened, and reports that joined cases."
      file="inflow"
      {...{ span, rows }}
      lines={[
        { label: "cases opened", values: rows.map(({ opened }) => opened) },
        { label: "reports received", values: rows.map(({ reports }) => reports) },
      ]}
      columns={counts<InflowRow>(
        ["cases_opened_count", "Cases opened", (r) => r.opened],
        ["reports_received_count", "Reports received", (r) => r.reports],
        ["reports_unopenable_count", "Reports nobody can open", (r) => r.unopenable],
      )}
    />
  );
}

export function ProofFigure({ rows, span }: { rows: InflowRow[]; span: Span }) {
  return (
    <OverTime
      title="What was proven"
      note="Reported messages by what was found of them."
      file="proofs"
      {...{ span, rows }}
      lines={[
        { label: "proven", values: rows.map(({ proven }) => proven) },
        { label: "unverifiable", values: rows.map((r) => r.unverifiable) },
        { label: "forged", values: rows.map(({ forged }) => forged) },
      ]}
      columns={counts<InflowRow>(
        ["messages_proven_count", "Proven", (r) => r.proven],
        ["messages_unverifiable_count", "Unverifiable", (r) => r.unverifiable],
        ["messages_forged_count", "Forged", (r) => r.forged],
      )}
    />
  );
}

function timeColumns(
  name: string,
  heading: string,
  timeOf: (row: ReachedRow) => InTime,
): Column<ReachedRow>[] {
  const shownPercent = (value: number | undefined) =>
    value === undefined ? "–" : percent(value);
  return [
    {
      name: `${name}_count`,
      heading: `${heading}: cases`,
      value: (r) => timeOf(r).count,
    },
    {
      name: `${name}_in_time_count`,
      heading: "In time",
      value: (r) => timeOf(r).inTime,
    },
    {
      name: `${name}_in_time_percent`,
      heading: "In time, share",
      value: (r) => percentInTime(timeOf(r)),
      shown: (r) => shownPercent(percentInTime(timeOf(r))),
    },
    {
      name: `${name}_target_percent`,
      heading: "Target",
      value: (r) => targetPercent(timeOf(r)),
      shown: (r) => shownPercent(targetPercent(timeOf(r))),
    },
  ];
}

function InTimeFigure(props: {
  title: string;
  note: string;
  name: string;
  heading: string;
  rows: ReachedRow[];
  span: Span;
  timeOf: (row: ReachedRow) => InTime;
}) {
  const { title, note, name, heading, rows, span, timeOf } = props;
  return (
    <OverTime
      {...{ title, note, span, rows }}
      file={name.replaceAll("_", "-")}
      format={percent}
      max={100}
      lines={[
        { label: "in time", values: rows.map((row) => percentInTime(timeOf(row))) },
        {
          label: "target",
          values: rows.map((row) => targetPercent(timeOf(row))),
          kind: "target",
        },
      ]}
      columns={timeColumns(name, heading, timeOf)}
    />
  );
}

export function FirstActionFigure(props: { rows: ReachedRow[]; span: Span }) {
  return (
    <InTimeFigure
      {...props}
      title="Time to first action"
      note="Share of cases that somebody claimed in time; the target is the mean of those of the cases."
      name="first_action"
      heading="First action"
      timeOf={(row) => row.firstAction}
    />
  );
}

export function DecisionFigure(props: { rows: ReachedRow[]; span: Span }) {
  return (
    <InTimeFigure
      {...props}
      title="Time to decision"
      note="Share of cases that were decided in time; the target is the mean of those of the cases."
      name="decision"
      heading="Decision"
      timeOf={(row) => row.decision}
    />
  );
}

export function AppealFigure(props: {
  rows: ReachedRow[];
  inflow: InflowRow[];
  span: Span;
}) {
  const { rows, inflow, span } = props;
  const submitted = new Map(inflow.map(({ start, appeals }) => [start, appeals]));
  const appealsOf = ({ start }: TimedRow) => submitted.get(start) ?? 0;
  return (
    <OverTime
      title="Appeals"
      note="Appeals by when they came. Overturned, upheld and reversed by when the decision was made, whenever that happened."
      file="appeals"
      {...{ span, rows }}
      lines={[
        { label: "submitted", values: rows.map(appealsOf) },
        { label: "upheld", values: rows.map(({ upheld }) => upheld) },
        { label: "overturned", values: rows.map(({ overturned }) => overturned) },
      ]}
      columns={counts<ReachedRow>(
        ["appeals_submitted_count", "Appeals", appealsOf],
        ["decisions_count", "Decisions", (r) => r.decisions],
        ["decisions_upheld_on_appeal_count", "Upheld", (r) => r.upheld],
        ["decisions_overturned_on_appeal_count", "Overturned", (r) => r.overturned],
        ["decisions_reversed_count", "Reversed by another", (r) => r.reversed],
      )}
    />
  );
}

/** A length of time that may have no end. */
export function lengthInWords(ms: number): string {
  return ms === Infinity ? "over 30 d" : roughly(ms);
}

function kindColumns(
  name: string,
  heading: string,
  timeOf: (row: KindRow) => TimeOfKind,
): Column<KindRow>[] {
  const lengthColumn = (
    suffix: string,
    title: string,
    pick: (time: TimeOfKind) => number,
    zero: string,
  ): Column<KindRow> => ({
    name: `${name}_${suffix}`,
    heading: title,
    value: (row) => pick(timeOf(row)),
    shown: (row) => {
      const ms = pick(timeOf(row));
      return ms === 0 ? zero : lengthInWords(ms);
    },
  });
  const inWords = (row: KindRow) => {
    const share = percentInTime(timeOf(row));
    if (share === undefined) return "–";
    const missed = share < (targetPercent(timeOf(row)) ?? 0);
    return missed ? <strong>{percent(share)}, missed</strong> : percent(share);
  };
  return [
    {
      name: `${name}_count`,
      heading: `${heading}: cases`,
      value: (r) => timeOf(r).count,
    },
    {
      name: `${name}_in_time_percent`,
      heading: "In time",
      value: (row) => percentInTime(timeOf(row)),
      shown: inWords,
    },
    {
      name: `${name}_target_percent`,
      heading: "Target",
      value: (row) => targetPercent(timeOf(row)),
      shown: (row) => {
        const target = targetPercent(timeOf(row));
        return target === undefined ? "–" : percent(target);
      },
    },
    lengthColumn("target_ms", "within", (t) => t.targetMs, "deadline"),
    lengthColumn("median_at_most_ms", "Half", (t) => t.medianMs, "–"),
    lengthColumn("ninth_decile_at_most_ms", "9 in 10", (t) => t.ninthDecileMs, "–"),
  ];
}

export function KindFigure({
  rows,
  queueTitle,
}: {
  rows: KindRow[];
  queueTitle: (name: string) => string;
}) {
  const { titleOf } = useReasons();
  return (
    <FigureCard
      isWide
      title="Targets by queue and reason"
      note="Half, and nine in ten, of the cases took at most so long, in the slowest of the periods."
      file="targets"
      caption="Targets by queue and reason"
      rows={rows}
      columns={[
        {
          name: "queue",
          heading: "Queue",
          isHead: true,
          value: ({ queue }) => queue,
          shown: ({ queue }) => queueTitle(queue),
        },
        {
          name: "reason",
          heading: "Reported as",
          isText: true,
          value: ({ reason }) => reason,
          shown: ({ reason }) => (reason ? titleOf(reason) : "could not be read"),
        },
        ...kindColumns("first_action", "First action", (row) => row.firstAction),
        ...kindColumns("decision", "Decision", (row) => row.decision),
      ]}
    />
  );
}
