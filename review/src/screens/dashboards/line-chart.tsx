// Lines over time. Which is which is said beside its end, and each has dashes of
// its own: colour only repeats it.
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { preferences } from "../../app/preferences";
import { useStore } from "../../app/store";

export interface Line {
  label: string;
  values: (number | undefined)[];
  /** target: thin and grey, what should be reached. */
  kind?: "target";
}

interface LineChartProps {
  /** Milliseconds since the Unix epoch, ascending. */
  times: number[];
  lines: Line[];
  /** What the chart shows, for those who do not see it. */
  summary: string;
  /** Of a value: "12", "93 %". */
  format: (value: number) => string;
  nameOf: (time: number) => string;
  /** The top of the scale, where it is known. */
  max?: number;
}

const HEIGHT = 190;
const LABEL_WIDTH = 118;
const LABEL_GAP = 14;
const DASHES = [[], [7, 4], [2, 3], [12, 3, 2, 3]];
const INKS = ["--ink", "--accent", "--grave", "--doubt"];

/** What a token of the style sheet comes to here, light or dark. */
function colour(token: string, near: HTMLElement): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  near.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Where labels stand, so that none covers another: ys ascend and keep apart. */
export function spreadLabels(ys: readonly number[], gap: number): number[] {
  const order = ys.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  const placed = [...ys];
  let least = -Infinity;
  for (const { y, i } of order) {
    placed[i] = Math.max(y, least);
    least = (placed[i] ?? 0) + gap;
  }
  return placed;
}

function drawLabels(chart: uPlot, lines: readonly Line[], inks: readonly string[]): void {
  const { ctx } = chart;
  const ratio = uPlot.pxRatio;
  const ends = lines.map(({ values }) => values.findLast((v) => v !== undefined));
  const ys = ends.map((end) => chart.valToPos(end ?? 0, "y", true));
  const placed = spreadLabels(ys, LABEL_GAP * ratio);
  ctx.save();
  ctx.font = `${(11 * ratio).toString()}px "Inter Variable", sans-serif`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  lines.forEach(({ label }, i) => {
    if (ends[i] === undefined) return;
    ctx.fillStyle = inks[i] ?? "";
    const left = chart.bbox.left + chart.bbox.width + 8 * ratio;
    ctx.fillText(label, left, placed[i] ?? 0);
  });
  ctx.restore();
}

type Shown = Omit<LineChartProps, "summary">;

interface Drawing extends Shown {
  onPoint: (index: number | undefined) => void;
}

function optionsOf(drawing: Drawing, place: HTMLElement): uPlot.Options {
  const { lines, times, format, nameOf, max, onPoint } = drawing;
  const soft = colour("--ink-soft", place);
  const grid = { stroke: colour("--line", place), width: 1 };
  const font = '11px "Inter Variable", sans-serif';
  const inks = lines.map(({ kind }, i) =>
    kind === "target" ? soft : colour(INKS[i % INKS.length] ?? "--ink", place),
  );
  return {
    width: place.clientWidth,
    height: HEIGHT,
    padding: [10, LABEL_WIDTH, 0, 4],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: {
      x: { time: false },
      y: { range: (_, __, top) => [0, max ?? Math.max(4, top * 1.1)] },
    },
    axes: [
      {
        stroke: soft,
        font,
        grid: { show: false },
        ticks: grid,
        size: 24,
        // At the beginnings of periods, never between them.
        splits: () => every(times, Math.max(1, Math.ceil(times.length / 8))),
        values: (_, splits) => splits.map(nameOf),
      },
      {
        stroke: soft,
        font,
        grid,
        ticks: { show: false },
        size: 44,
        values: (_, splits) => splits.map(format),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, kind }, i) => ({
        label,
        stroke: inks[i] ?? "",
        width: kind === "target" ? 1 : 1.75,
        dash: kind === "target" ? [3, 3] : (DASHES[i % DASHES.length] ?? []),
        points: { show: times.length < 40 && kind !== "target", size: 4 },
        spanGaps: true,
      })),
    ],
    hooks: {
      draw: [(chart) => drawLabels(chart, lines, inks)],
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
    },
  };
}

function every(times: readonly number[], step: number): number[] {
  return times.filter((_, i) => (times.length - 1 - i) % step === 0);
}

function useDarkness(): boolean {
  const query = "(prefers-color-scheme: dark)";
  const [dark, setDark] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const change = () => setDark(media.matches);
    media.addEventListener("change", change);
    return () => media.removeEventListener("change", change);
  }, []);
  return dark;
}

/** "28 Nov: proven 12, forged nothing". */
function pointWords({ times, lines, nameOf, format }: Shown, index: number): string {
  const figures = lines.map(({ label, values }) => {
    const value = values[index];
    return `${label} ${value === undefined ? "nothing" : format(value)}`;
  });
  return `${nameOf(times[index] ?? 0)}: ${figures.join(", ")}`;
}

export function LineChart({ summary, ...drawing }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState<number>();
  const { theme } = useStore(preferences);
  const dark = useDarkness();
  const drawn = useRef<uPlot>(null);
  const { times, lines, max } = drawing;
  const shape = JSON.stringify([times, lines, max, theme, dark]);
  const newest = useRef(drawing);
  useEffect(() => {
    newest.current = drawing;
  });
  useEffect(() => {
    const at = place.current;
    if (!at || !document.createElement("canvas").getContext("2d")) return;
    const options = optionsOf({ ...newest.current, onPoint: setIndex }, at);
    const data = newest.current.lines.map(({ values }) => values);
    const chart = new uPlot(options, [newest.current.times, ...data], at);
    drawn.current = chart;
    const resize = new ResizeObserver(() => {
      chart.setSize({ width: at.clientWidth, height: HEIGHT });
    });
    resize.observe(at);
    return () => {
      resize.disconnect();
      chart.destroy();
      drawn.current = null;
    };
  }, [shape]);
  const words = index === undefined ? undefined : pointWords(drawing, index);
  // The chart moves its cursor, and that tells which point it is at.
  const go = (to: number) => {
    const chart = drawn.current;
    const left = chart?.valToPos(times[to] ?? 0, "x");
    if (left === undefined) setIndex(to);
    else chart?.setCursor({ left, top: 0 });
  };
  return (
    <div>
      <div className="chart" role="img" aria-label={summary} ref={place} />
      {times.length > 0 && (
        <input
          className="chart-time"
          type="range"
          aria-label="Figures of one time"
          min={0}
          max={times.length - 1}
          value={index ?? times.length - 1}
          aria-valuetext={words ?? "none chosen"}
          onChange={(event) => go(Number(event.target.value))}
        />
      )}
      <p className="chart-point hint" aria-hidden="true">
        {words ?? "Point at the chart, or move below it, for the figures of one time."}
      </p>
    </div>
  );
}
