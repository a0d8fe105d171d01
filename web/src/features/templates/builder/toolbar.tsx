import { useState } from "react";
import { useNavigate } from "react-router";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { templateBuilder } from "@/i18n/template_builder";
import { Button } from "@/ui/button";
import { Menu } from "@/ui/menu";

import { ArchiveDialog } from "../archive_dialog";
import { saveFile } from "../files";
import type { Draft } from "../model/draft";
import { commandOf } from "../model/write";
import type { OpenDialog } from "./use_view";

interface Props {
  draft: Draft;
  templateId: string | null;
  status: string;
  isSaving: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onOpen: (dialog: OpenDialog) => void;
  onSave: () => void;
  /** The template is gone: nothing of it is to be kept. */
  onLeave: () => void;
}

export function Toolbar({ draft, templateId, status, isSaving, canUndo, canRedo, ...props }: Props) {
  const t = useMessages(templateBuilder);
  const shared = useMessages(common);
  const [isArchiving, setArchiving] = useState(false);
  const navigate = useNavigate();
  const ofStored =
    templateId === null
      ? []
      : [
          {
            text: t.duplicateTemplate,
            icon: "copy" as const,
            onSelect: () => void navigate(`/templates/new?from=${templateId}`),
          },
          { text: t.archive, icon: "trash" as const, onSelect: () => setArchiving(true) },
        ];
  return (
    <div className="toolbar" role="toolbar" aria-label={t.toolbar}>
      <p className="toolbar-status soft small" role="status">
        {status}
      </p>
      <div className="row toolbar-buttons">
        <Button
          look="quiet"
          icon="undo"
          aria-label={shared.undo}
          aria-disabled={!canUndo}
          onClick={() => canUndo && props.onUndo()}
        />
        <Button
          look="quiet"
          icon="redo"
          aria-label={t.redo}
          aria-disabled={!canRedo}
          onClick={() => canRedo && props.onRedo()}
        />
        <Menu
          button={{ look: "quiet", icon: "menu", "aria-label": t.moreActions }}
          entries={[
            { text: t.importQuestions, icon: "upload", onSelect: () => props.onOpen("questions") },
            { text: t.importJson, icon: "upload", onSelect: () => props.onOpen("json") },
            { text: t.exportJson, icon: "download", onSelect: () => exportJson(draft) },
            ...ofStored,
          ]}
        />
        <Button icon="eye" onClick={() => props.onOpen("preview")}>
          <span className="on-wide">{t.preview}</span>
        </Button>
        <Button look="primary" isBusy={isSaving} onClick={props.onSave}>
          {shared.save}
        </Button>
      </div>
      {templateId !== null && isArchiving && (
        <ArchiveDialog
          templateId={templateId}
          name={draft.name}
          onClose={() => setArchiving(false)}
          onArchived={() => {
            props.onLeave();
            void navigate("/templates", { replace: true });
          }}
        />
      )}
    </div>
  );
}

/** The file has what `create_template` takes, but for the students: a file is passed on. */
function exportJson(draft: Draft): void {
  const command = commandOf(draft);
  delete command.student_ids;
  const name =
    draft.name
      .trim()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .slice(0, 60) || "template";
  saveFile(`${name}.json`, "application/json", `${JSON.stringify(command, null, 2)}\n`);
}
