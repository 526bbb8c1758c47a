// What waits, and who was shown how much, at this moment.
import type { ListQueuesResponse_Queue as Queue } from "#gen/frank/v1/queue_pb";
import type { ModeratorExposure } from "#gen/frank/v1/moderators_pb";
import { ExposureCategory } from "#gen/frank/v1/review_pb";
import { EXPOSURE } from "../../api/words";
import { Due } from "../../parts/due";
import { Ago, countdown, ms, useNow } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { FigureCard, type Column } from "./figure-card";

/** Lengths side by side, each with a pattern of its own; the numbers stand beside. */
function StackedBar({ parts, of }: { parts: number[]; of: number }) {
  return (
    <span className="stacked-bar" aria-hidden="true">
      {parts.map(
        (part, i) =>
          part > 0 && (
            <i
              key={i}
              className={`pattern-${i.toString()}`}
              style={{ inlineSize: `${((100 * part) / Math.max(of, 1)).toString()}%` }}
            />
          ),
      )}
    </span>
  );
}

function partsOf(queue: Queue): number[] {
  const { openCount, onHoldCount, awaitingApprovalCount, appealedCount } = queue;
  return [openCount, onHoldCount, awaitingApprovalCount, appealedCount].map(Number);
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

export function BacklogFigure({ queues }: { queues: Queue[] }) {
  const now = useNow(15_000);
  const most = Math.max(...queues.map((queue) => sum(partsOf(queue))), 1);
  const count = (
    name: string,
    heading: string,
    value: (queue: Queue) => bigint,
  ): Column<Queue> => ({ name, heading, value: (queue) => Number(value(queue)) });
  return (
    <FigureCard
      isWide
      title="What waits now"
      note={
        <span className="bar-key">
          Undecided cases by queue: <i className="pattern-0" /> open,{" "}
          <i className="pattern-1" /> on hold, <i className="pattern-2" /> awaiting
          approval, <i className="pattern-3" /> appealed.
        </span>
      }
      file="backlog"
      caption="Undecided cases by queue, now"
      rows={queues}
      columns={[
        {
          name: "queue",
          heading: "Queue",
          isHead: true,
          value: ({ name }) => name,
          shown: ({ title, name }) => title || name,
        },
        {
          name: "undecided_count",
          heading: "Undecided",
          isText: true,
          value: (queue) => sum(partsOf(queue)),
          shown: (queue) => (
            <span className="bar-cell">
              <StackedBar parts={partsOf(queue)} of={most} />
              {sum(partsOf(queue)).toLocaleString("en-GB")}
            </span>
          ),
        },
        count("open_count", "Open", (q) => q.openCount),
        count("held_count", "Held", (q) => q.heldCount),
        count("on_hold_count", "On hold", (q) => q.onHoldCount),
        count("awaiting_approval_count", "Approval", (q) => q.awaitingApprovalCount),
        count("appealed_count", "Appealed", (q) => q.appealedCount),
        {
          name: "oldest_age_ms",
          heading: "Oldest",
          value: ({ oldestOpenedAt: at }) => (at === 0n ? undefined : now - ms(at)),
          shown: ({ oldestOpenedAt: at }) => (at === 0n ? "–" : <Ago at={at} />),
        },
        {
          name: "first_deadline_unix_ms",
          heading: "First due, unclaimed",
          value: ({ firstDeadline: at }) => (at === 0n ? undefined : ms(at)),
          shown: ({ firstDeadline }) => <Due at={firstDeadline} />,
        },
        {
          name: "overdue_count",
          heading: "Overdue",
          value: ({ overdueCount }) => Number(overdueCount),
          shown: ({ overdueCount: n }) =>
            n >= 1000n ? "1,000 or more" : n > 0n ? <strong>{Number(n)}</strong> : "0",
        },
      ]}
    />
  );
}

const SHOWN = [
  ExposureCategory.TEXT,
  ExposureCategory.GRAPHIC,
  ExposureCategory.CHILD_SAFETY,
];

function seen({ exposure }: ModeratorExposure, category: ExposureCategory) {
  return exposure?.category.find((one) => one.category === category);
}

function seenColumns(category: ExposureCategory): Column<ModeratorExposure>[] {
  const name = EXPOSURE[category].replace(" ", "_");
  return [
    {
      name: `${name}_pieces_count`,
      heading: EXPOSURE[category],
      isText: true,
      value: (row) => seen(row, category)?.pieces ?? 0,
      shown: (row) => {
        const { pieces = 0, budget = 0 } = seen(row, category) ?? {};
        return (
          <span className="bar-cell">
            <StackedBar parts={[Math.min(pieces, budget)]} of={budget} />
            {pieces} of {budget}
            {pieces >= budget && budget > 0 && <strong> spent</strong>}
          </span>
        );
      },
    },
    {
      name: `${name}_budget_count`,
      heading: `${EXPOSURE[category]}, budget`,
      csvOnly: true,
      value: (row) => seen(row, category)?.budget ?? 0,
    },
  ];
}

export function ExposureFigure({ rows }: { rows: ModeratorExposure[] }) {
  const now = useNow(15_000);
  return (
    <FigureCard
      isWide
      title="What moderators were shown"
      note="Pieces of evidence that each revealed in the shift that runs, of their budget."
      file="exposure"
      caption="Exposure by moderator, in the running shift"
      rows={rows}
      columns={[
        {
          name: "moderator",
          heading: "Moderator",
          isHead: true,
          value: ({ moderator }) => moderator,
          shown: ({ moderator }) => <UntrustedLine text={moderator} />,
        },
        ...SHOWN.flatMap(seenColumns),
        {
          name: "load_percent_of_break",
          heading: "Until a break",
          isText: true,
          value: ({ exposure }) =>
            exposure && exposure.breakDueLoad > 0
              ? (100 * exposure.load) / exposure.breakDueLoad
              : undefined,
          shown: ({ exposure }) => {
            if (!exposure) return "–";
            const left = ms(exposure.breakUntil) - now;
            if (left > 0) return <strong>on a break, {countdown(left)}</strong>;
            return `${exposure.load.toString()} of ${exposure.breakDueLoad.toString()}`;
          },
        },
        {
          name: "shift_age_ms",
          heading: "Shift since",
          value: ({ exposure }) =>
            exposure ? now - ms(exposure.shiftStartedAt) : undefined,
          shown: ({ exposure }) =>
            exposure ? <Ago at={exposure.shiftStartedAt} /> : "–",
        },
      ]}
    />
  );
}
