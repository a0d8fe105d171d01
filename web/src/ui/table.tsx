import type { ReactNode, Ref } from "react";

export interface Column<Row> {
  heading: string;
  isNumber?: boolean;
  /** null where a row has nothing here: a dash, and no line on a narrow screen. */
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  /** The cell of the first column is the heading of its row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What the table is, where no heading of the page says it. */
  caption?: string;
  /** It stays a table on a narrow screen: it has few columns. */
  isNarrow?: boolean;
  /** The table scrolls within a frame of this name. */
  frame?: FrameProps;
  className?: string;
  /** The list of rows, for `More`. */
  body?: Ref<HTMLTableSectionElement>;
}

/** A table whose rows become cards on a narrow screen, each cell with its heading. */
export function Table<Row>(props: Props<Row>) {
  const { columns, rows, keyOf, caption, isNarrow, frame, className, body } = props;
  const classes = ["table", !isNarrow && "table-cards", className].filter(Boolean).join(" ");
  return (
    <TableFrame {...frame}>
      <table className={classes}>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map(({ heading, isNumber }) => (
              <th key={heading} scope="col" className={isNumber ? "number" : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.heading} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <Cell key={column.heading} column={column} row={row} />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.cell(row);
  const classes = [column.isNumber && "number", content === null && "table-nothing"].filter(Boolean);
  return (
    <td data-label={column.heading} className={classes.join(" ") || undefined}>
      {content ?? "–"}
    </td>
  );
}

interface FrameProps {
  /** For screen readers. A frame that scrolls must be reached by the keyboard, and so needs a name. */
  label?: string;
  className?: string;
  ref?: Ref<HTMLDivElement>;
}

export function TableFrame({ label, className, ref, children }: FrameProps & { children?: ReactNode }) {
  return (
    <div
      ref={ref}
      className={className ? `table-frame ${className}` : "table-frame"}
      {...(label === undefined ? {} : { role: "group", "aria-label": label, tabIndex: 0 })}
    >
      {children}
    </div>
  );
}
