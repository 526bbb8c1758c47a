// One figure: a heading, the chart, the same as a table, and as CSV.
import type { ReactNode } from "react";
import { announce } from "../../app/announce";
import { useCommands } from "../../app/keys";
import { Button } from "../../parts/button";
import { saveText, toCsv, type CsvColumn } from "./csv";

/** A column of the table and of the CSV. */
export interface Column<Row> extends CsvColumn<Row> {
  heading: string;
  /** As people read it; without it, the value itself. */
  shown?: (row: Row) => ReactNode;
  /** Names the row. */
  isHead?: boolean;
  /** Text, not a number. */
  isText?: boolean;
  /** Stands in the CSV alone, since another column shows it too. */
  csvOnly?: boolean;
}

interface FigureTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.shown ? column.shown(row) : (column.value(row) ?? "–");
  const shown = typeof content === "number" ? content.toLocaleString("en-GB") : content;
  if (column.isHead) return <th scope="row">{shown}</th>;
  return <td className={column.isText ? undefined : "number"}>{shown}</td>;
}

export function FigureTable<Row>(props: FigureTableProps<Row>) {
  const { caption, rows } = props;
  const columns = props.columns.filter(({ csvOnly }) => !csvOnly);
  return (
    // It scrolls sideways, so the keyboard must reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="table">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, heading, isHead, isText }) => (
              <th
                key={name}
                scope="col"
                className={isHead || isText ? undefined : "number"}
              >
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface FigureCardProps<Row> extends FigureTableProps<Row> {
  title: string;
  /** What is counted, in a sentence. */
  note: ReactNode;
  /** Name of the CSV, without its ending. */
  file: string;
  /** The chart; without one, the table is the figure. */
  chart?: ReactNode;
  isWide?: boolean;
}

export function FigureCard<Row>(props: FigureCardProps<Row>) {
  const { title, note, file, chart, isWide, caption, columns, rows } = props;
  const save = () => {
    saveText(`${file}.csv`, toCsv(columns, rows));
    announce(`${title} saved as ${file}.csv`);
  };
  useCommands([{ label: `Save ${title} as CSV`, group: "Dashboards", run: save }]);
  const table = <FigureTable {...{ caption, columns, rows }} />;
  return (
    <section className={`figure ${isWide ? "wide" : ""}`} aria-label={title}>
      <div className="row spread">
        <h2>{title}</h2>
        <Button kind="quiet" onClick={save} aria-label={`Save ${title} as CSV`}>
          CSV
        </Button>
      </div>
      <p className="hint">{note}</p>
      {chart}
      {chart === undefined ? (
        table
      ) : (
        <details>
          <summary>The same as a table</summary>
          {table}
        </details>
      )}
    </section>
  );
}
