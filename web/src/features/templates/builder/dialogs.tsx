import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { templateBuilder } from "@/i18n/template_builder";
import { Dialog } from "@/ui/dialog";
import { later } from "@/ui/later";
import { Skeleton } from "@/ui/page";

import type { Draft } from "../model/draft";
import { useActions } from "./contexts";
import type { useSaving } from "./use_saving";
import type { useView } from "./use_view";

const Conflict = later(() => import("./conflict"));
const ImportJson = later(() => import("./import_json"));
const ImportQuestions = later(() => import("./import_questions"));
const QuestionDialog = later(() => import("./question_dialog"));
const Preview = later(() => import("./preview"));

interface Props {
  draft: Draft;
  /** What both versions of a conflict began with. */
  base: Draft;
  view: ReturnType<typeof useView>;
  saving: ReturnType<typeof useSaving>;
}

/** The dialogs of the builder. Most of them are loaded when they are first opened. */
export function Dialogs({ draft, base, view: { question, dialog, setDialog }, saving }: Props) {
  const t = useMessages(templateBuilder);
  const { tell, editQuestion } = useActions();
  const { conflict, postpone, resolve } = saving;
  const close = () => setDialog(null);
  const props = { draft, onClose: close, fallback: <Loading onClose={close} /> };
  return (
    <>
      {question !== null && (
        <QuestionDialog
          draft={draft}
          questionKey={question}
          fallback={<Loading onClose={() => editQuestion(null)} />}
        />
      )}
      {dialog === "preview" && <Preview {...props} />}
      {dialog === "json" && <ImportJson {...props} />}
      {dialog === "questions" && <ImportQuestions {...props} />}
      {conflict && (
        <Conflict
          mine={draft}
          theirs={conflict.draft}
          base={base}
          onClose={postpone}
          onChoose={(chosen) => {
            if (resolve(chosen)) tell(t.storedTaken);
          }}
          fallback={<Loading onClose={postpone} />}
        />
      )}
    </>
  );
}

function Loading({ onClose }: { onClose: () => void }) {
  const t = useMessages(common);
  return (
    <Dialog title={t.loading} isOpen onClose={onClose}>
      <Skeleton height={8} />
    </Dialog>
  );
}
