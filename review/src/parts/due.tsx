import { moment, ms, roughly, useNow } from "./time";

const HOUR = 3_600_000;

/** How near a deadline is, as a word: what colour repeats. */
export function nearness(left: number): "over" | "near" | "far" {
  if (left <= 0) return "over";
  return left < HOUR ? "near" : "far";
}

/** A deadline: "in 12 min", "over by 3 h". */
export function Due({ at }: { at: bigint }) {
  const now = useNow(15_000);
  if (at === 0n) return <span className="faint">none</span>;
  const left = ms(at) - now;
  const near = nearness(left);
  return (
    <time
      className={`due ${near}`}
      dateTime={new Date(ms(at)).toISOString()}
      title={`due ${moment(ms(at))}`}
    >
      {near === "over" ? `over by ${roughly(left)}` : `in ${roughly(left)}`}
    </time>
  );
}
