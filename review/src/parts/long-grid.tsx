// A table of very many rows of one height, of which only those in sight are there.
import {
  memo,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { flushSync } from "react-dom";
import { useCommands } from "../app/keys";
import type { Rows } from "./rows";

const ROW_HEIGHT = 34;
/** Rows by which what is drawn moves on: most scrolling draws nothing anew. */
const STEP = 8;
/** Rows below the last one in sight that are asked for before they are needed. */
const AHEAD = 140;

interface RowProps<Row> {
  row: Row;
  index: number;
  isChosen: boolean;
  className: string;
  cells: (row: Row) => ReactNode;
}

/** Drawn anew only if it is another row, or one that changed. */
const GridRow = memo(function GridRow<Row>(props: RowProps<Row>) {
  const { index, isChosen } = props;
  return (
    <div
      id={`row-${index.toString()}`}
      role="row"
      tabIndex={-1}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      className={`grid-row ${props.className}`}
      style={{ translate: `0 ${(index * ROW_HEIGHT).toString()}px` }}
    >
      {props.cells(props.row)}
    </div>
  );
}) as <Row>(props: RowProps<Row>) => ReactNode;

/** Which rows to draw: those in sight and some around them. */
function useSight(count: number) {
  const body = useRef<HTMLDivElement>(null);
  const [step, setStep] = useState(0);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const measure = () => setHeight(element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  /** Draws in the frame that shows the scrolling, so that no gap is seen. */
  const onScroll = () => {
    const top = body.current?.scrollTop ?? 0;
    flushSync(() => setStep(Math.floor(top / (STEP * ROW_HEIGHT))));
  };
  const inSight = Math.ceil(height / ROW_HEIGHT);
  const end = Math.min(count, (step + 2) * STEP + inSight);
  const first = Math.min(Math.max(0, (step - 1) * STEP), end);
  return { body, onScroll, first, end, most: 3 * STEP + inSight };
}

/** Scrolls as little as shows the row below the heads. */
function reveal(body: HTMLElement, index: number): void {
  const top = index * ROW_HEIGHT;
  const heads = body.querySelector<HTMLElement>(".heads")?.offsetHeight ?? 0;
  const least = top + ROW_HEIGHT + heads - body.clientHeight;
  if (body.scrollTop > top) body.scrollTop = top;
  else if (body.scrollTop < least) body.scrollTop = least;
}

interface LongGridProps<Row> {
  label: string;
  /** Sets the widths of the columns. */
  className: string;
  columns: readonly string[];
  rows: Rows<Row>;
  /** While it is the same function, rows are drawn anew only when they change. */
  cells: (row: Row) => ReactNode;
  rowClass?: (row: Row) => string;
  /** Asks for rows behind these; undefined: there are none, or not now. */
  more: (() => void) | undefined;
  /** There are more, whether or not they may be asked for now. */
  isPart: boolean;
  onOpen: (row: Row) => void;
  /** What its keys do, in the words of what is listed. */
  commands: { group: string; next: string; before: string; open: string };
}

/** The row that keys act on, and the keys. */
function useChosen<Row>(
  { rows, onOpen, commands }: LongGridProps<Row>,
  body: RefObject<HTMLDivElement | null>,
) {
  const [at, setAt] = useState(0);
  const last = rows.count - 1;
  const chosen = Math.min(at, last);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(to, last));
    setAt(next);
    if (!body.current) return;
    reveal(body.current, next);
    body.current.focus({ preventScroll: true });
  };
  const open = (index: number) => {
    const row = rows.at(index);
    if (row === undefined) return;
    setAt(index);
    onOpen(row);
  };
  const { group, next, before } = commands;
  useCommands([
    { label: next, keys: "j", group, run: () => move(chosen + 1) },
    { label: before, keys: "k", group, run: () => move(chosen - 1) },
    { label: commands.open, keys: "o", group, run: () => open(chosen) },
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor((body.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
    const steps: Record<string, number> = {
      ArrowDown: chosen + 1,
      ArrowUp: chosen - 1,
      PageDown: chosen + page,
      PageUp: chosen - page,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter") open(chosen);
    else return;
    event.preventDefault();
  };
  return { chosen, open, onKeyDown };
}

export function LongGrid<Row>(props: LongGridProps<Row>) {
  const { rows, more } = props;
  const { count } = rows;
  const { body, onScroll, first, end, most } = useSight(count);
  const { chosen, open, onKeyDown } = useChosen(props, body);
  useEffect(() => {
    if (end > count - AHEAD) more?.();
  }, [end, rows, count, more]);
  const isDrawn = chosen >= first && chosen < end;
  return (
    <div
      className={`long-grid ${props.className}`}
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.isPart ? -1 : count + 1}
      aria-activedescendant={isDrawn ? `row-${chosen.toString()}` : undefined}
      tabIndex={0}
      ref={body}
      {...{ onScroll, onKeyDown }}
    >
      <div role="row" className="grid-row heads" aria-rowindex={1}>
        {props.columns.map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      {/* Rows are reached by the grid's own keys. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="rowgroup"
        className="grid-rows"
        style={{ height: count * ROW_HEIGHT }}
        tabIndex={-1}
        onClick={({ target }) => {
          const row = (target as Element).closest<HTMLElement>("[data-index]");
          if (row) open(Number(row.dataset.index));
        }}
      >
        {Array.from({ length: end - first }, (_, i) => {
          const index = first + i;
          const row = rows.at(index);
          return row === undefined ? null : (
            <GridRow
              // A row that comes into sight takes the place of one that left it.
              key={index % most}
              {...{ row, index }}
              isChosen={index === chosen}
              className={props.rowClass?.(row) ?? ""}
              cells={props.cells}
            />
          );
        })}
      </div>
    </div>
  );
}
