import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useLanguage, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { useToast } from "@/ui/toasts";

import { type KeptDraft, discardKept, keptDrafts } from "./kept";

interface KeptProps {
  at: number | undefined;
  onContinue: () => void;
  onDiscard: () => void;
  /** Begins another template and leaves this draft as it is. */
  onBeginAnother: (() => void) | undefined;
}

/** The page has begun with what this tab had kept. */
export function KeptNotice({ at, onContinue, onDiscard, onBeginAnother }: KeptProps) {
  const t = useMessages(templateBuilder);
  const { format } = useLanguage();
  return (
    <Notice
      actions={
        <>
          <Button small onClick={onContinue}>
            {t.goOn}
          </Button>
          {onBeginAnother && (
            <Button small look="quiet" icon="plus" onClick={onBeginAnother}>
              {t.beginAnother}
            </Button>
          )}
          <Button small look="quiet" icon="trash" onClick={onDiscard}>
            {t.discard}
          </Button>
        </>
      }
    >
      {t.kept(at === undefined ? "" : format.dateTime(new Date(at)))}
    </Notice>
  );
}

interface OtherProps {
  /** What the drafts are of. */
  of: string;
  /** The draft that is open here. */
  openId: string;
  onOpen: (id: string) => void;
}

/** Drafts that were begun in other tabs, or before the browser was closed. */
export function OtherDrafts({ of, openId, onOpen }: OtherProps) {
  const t = useMessages(templateBuilder);
  const { format } = useLanguage();
  const { uid } = useBackEnd();
  const toast = useToast();
  const [drafts, setDrafts] = useState(() => keptDrafts(uid, of).filter(({ id }) => id !== openId));
  if (drafts.length === 0) return null;
  const discard = ({ id }: KeptDraft) => {
    const restore = discardKept(uid, of, id);
    setDrafts(drafts.filter((other) => other.id !== id));
    toast(t.draftDiscarded, {
      text: t.undo,
      run: () => {
        restore();
        setDrafts(drafts);
      },
    });
  };
  return (
    <Notice>
      <p>{t.otherDrafts(drafts.length)}</p>
      <ul role="list" className="kept-drafts">
        {drafts.map((draft) => {
          const name = draft.name.trim() || t.unnamedDraft;
          return (
            <li key={draft.id} className="row between">
              <span className="grow">
                <strong>{name}</strong>{" "}
                <span className="soft small">{format.dateTime(new Date(draft.at))}</span>
              </span>
              <Button small aria-label={t.openDraft(name)} onClick={() => onOpen(draft.id)}>
                {t.open}
              </Button>
              <Button
                small
                look="quiet"
                icon="trash"
                aria-label={t.discardDraft(name)}
                onClick={() => discard(draft)}
              />
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
