import type { Exposure } from "#gen/frank/v1/review_pb";
import { EXPOSURE } from "../api/words";
import { href } from "../app/router";
import { countdown, ms, useNow } from "./time";

/**
 * What somebody was shown in this shift, and when the next break is due. It leads
 * to where that stands by category.
 */
export function ExposureMeter({ exposure }: { exposure: Exposure }) {
  const now = useNow();
  const onBreak = ms(exposure.breakUntil) > now;
  const share = exposure.breakDueLoad > 0 ? exposure.load / exposure.breakDueLoad : 0;
  const seen = exposure.category.filter(({ pieces }) => pieces > 0);
  const detail = seen
    .map(
      (c) => `${EXPOSURE[c.category]} ${c.pieces.toString()} of ${c.budget.toString()}`,
    )
    .join(", ");
  return (
    <a
      className="exposure"
      href={href("settings")}
      title={detail || "Nothing was revealed in this shift."}
    >
      {onBreak ? (
        <strong>Break: {countdown(ms(exposure.breakUntil) - now)}</strong>
      ) : (
        <>
          <span className="faint">Seen</span>{" "}
          {seen.reduce((sum, { pieces }) => sum + pieces, 0)}
          <span className="faint">
            {" "}
            · {Math.round(100 * Math.min(share, 1))} % to a break
          </span>
          <meter
            min={0}
            max={1}
            value={Math.min(share, 1)}
            aria-label="Load since the last break"
          />
        </>
      )}
    </a>
  );
}
