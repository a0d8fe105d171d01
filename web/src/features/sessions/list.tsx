import type { Session } from "practice-client";
import { useRef } from "react";
import { useSearchParams } from "react-router";

import { usePages } from "@/data/pages";
import { useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";
import { Button, ButtonLink } from "@/ui/button";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { type Filter, filterOf, paramsOf, queryOf } from "./filter";
import { Filters } from "./filters";
import { SessionTable } from "./session_table";

const PAGE = 25;

export default function SessionsList() {
  const t = useMessages(texts);
  const [params, setParams] = useSearchParams();
  const filter = filterOf(params);
  const choose = (chosen: Filter) => setParams(paramsOf(chosen), { preventScrollReset: true });
  return (
    <Page
      title={t.title}
      actions={
        <ButtonLink to="/log" icon="log">
          {t.log}
        </ButtonLink>
      }
    >
      <Filters key={JSON.stringify(filter.search)} filter={filter} onChoose={choose} />
      <Found filter={filter} onClear={() => setParams({})} />
    </Page>
  );
}

interface FoundProps {
  filter: Filter;
  onClear: () => void;
}

function Found({ filter, onClear }: FoundProps) {
  const t = useMessages(texts);
  const query = queryOf(filter);
  const body = useRef<HTMLTableSectionElement>(null);
  const pages = usePages<Session>(["sessions", JSON.stringify(query)], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) => driver.sessions.list({ ...query, limit: PAGE, after }),
  });
  const { first, entries } = pages;
  return (
    <Read read={first} skeleton={<Skeleton height={30} />}>
      {() =>
        entries.length === 0 ? (
          <Nothing isFiltered={Object.keys(query).length > 0} onClear={onClear} />
        ) : (
          <>
            <SessionTable sessions={entries} body={body} />
            <More pages={pages} list={body}>
              <span className="soft small" role="status">
                {t.shown(entries.length)}
              </span>
            </More>
          </>
        )
      }
    </Read>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useMessages(texts);
  if (isFiltered)
    return <EmptyState actions={<Button onClick={onClear}>{t.clear}</Button>}>{t.noneFound}</EmptyState>;
  return <EmptyState actions={<ButtonLink to="/templates">{t.templates}</ButtonLink>}>{t.none}</EmptyState>;
}
