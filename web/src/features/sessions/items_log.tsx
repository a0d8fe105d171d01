import type { LoggedItem, Session } from "practice-client";
import { useRef } from "react";

import { usePages } from "@/data/pages";
import { isDenied } from "@/data/watch";
import { useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";
import { LoggedEntry } from "@/ui/logged_entry";
import { More } from "@/ui/more";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

const PAGE = 30;

export function ItemsLog({ session }: { session: Session }) {
  const t = useMessages(texts);
  const list = useRef<HTMLOListElement>(null);
  const pages = usePages<LoggedItem>(["items", session.session_id], {
    idOf: ({ item_id }) => item_id,
    read: ({ driver }, after) => driver.sessions.items(session.session_id, { limit: PAGE, after }),
  });
  if (session.assignment?.feedback === "after_due" && isDenied(pages.first.error))
    return (
      <Section title={t.itemsLog}>
        <p className="soft">{t.answersLater}</p>
      </Section>
    );
  return (
    <Section title={t.itemsLog}>
      <Read read={pages.first} skeleton={<Skeleton height={8} />}>
        {() =>
          pages.entries.length === 0 ? (
            <p className="soft">{t.noItems}</p>
          ) : (
            <>
              <ol role="list" className="logged-entries" ref={list}>
                {pages.entries.map((item) => (
                  <LoggedEntry key={item.item_id} item={item} session={session} />
                ))}
              </ol>
              <More pages={pages} list={list} />
            </>
          )
        }
      </Read>
    </Section>
  );
}
