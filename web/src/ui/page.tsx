import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** Beside the heading. */
  actions?: ReactNode;
  narrow?: boolean;
  /** Parts whose length is not known before they are read appear from top to bottom. */
  inOrder?: boolean;
  children: ReactNode;
}

/** A page with its heading and the title of its tab. */
export function Page({ title, actions, narrow, inOrder, children }: Props) {
  useDocumentTitle(title);
  const classes = ["page", narrow && "page-narrow", inOrder && "in-order"];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <div className="page-head">
        <h1>{title}</h1>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

interface SectionProps {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

export function Section({ title, actions, children }: SectionProps) {
  return (
    <section className="stack" aria-label={title}>
      <div className="row between">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

export function Card({
  children,
  as: Tag = "div",
}: {
  children: ReactNode;
  as?: "div" | "li" | "section" | "article";
}) {
  return <Tag className="card">{children}</Tag>;
}

/** Takes the room that the content will take, so that nothing jumps. Heights are in rem. */
export function Skeleton({ height = 1.5, count = 1 }: { height?: number; count?: number }) {
  return (
    <div className="stack" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className="skeleton" style={{ height: `${height}rem` }} />
      ))}
    </div>
  );
}

export function Progress({ value, label }: { value: number; label: string }) {
  const percent = Math.round(Math.min(Math.max(value, 0), 1) * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}
