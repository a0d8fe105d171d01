import { bounds } from "practice-client/bounds";
import { useState } from "react";

import { useFormat, useMessages } from "@/i18n";
import { templateQuestions } from "@/i18n/template_questions";
import { Button } from "@/ui/button";
import { FieldError } from "@/ui/field";
import { Picture as Shown } from "@/ui/picture";

import { type Draft, NO_PICTURE, type Picture } from "../model/draft";
import { MOST_PICTURE_BYTES, PICTURE_TYPES, bytesOf, isInText, pictureOfFile } from "../model/picture_file";
import { placeOf } from "../model/places";
import { useActions, useProblem } from "./contexts";
import { Text } from "./fields";
import { FileChoice } from "./file_choice";

const KILOBYTE = 1024;

interface Props {
  part: { readonly key: string; readonly picture: Picture };
  update: (draft: Draft, change: (picture: Picture) => Picture) => Draft;
}

/** The picture of a question or stem: its address or a file, and what it shows. */
export function PictureFields({ part, update }: Props) {
  const t = useMessages(templateQuestions);
  const format = useFormat();
  const { change, edit } = useActions();
  const [refusal, setRefusal] = useState<string>();
  const { url, alt } = part.picture;
  const [ofUrl, ofAlt] = [placeOf(part, "image.url"), placeOf(part, "image.alt")];
  const urlProblem = useProblem(ofUrl);
  const kilobytes = (bytes: number) => format.number(Math.ceil(bytes / KILOBYTE));
  const set = (fields: Partial<Picture>) =>
    change((draft) => update(draft, (before) => ({ ...before, ...fields })));
  const choose = async (file: File) => {
    const found = await pictureOfFile(file);
    if (typeof found === "string") set({ url: found });
    setRefusal(
      typeof found === "string"
        ? undefined
        : found.reason === "type"
          ? t.pictureType
          : t.pictureSize(kilobytes(found.bytes), format.number(MOST_PICTURE_BYTES / KILOBYTE)),
    );
  };
  const altProblem = useProblem(ofAlt);
  const isGiven = Boolean(url.trim() || alt.trim() || altProblem);
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.picture}</legend>
      {isInText(url) ? (
        <>
          <p data-place={ofUrl} tabIndex={-1}>
            {t.pictureInText(kilobytes(bytesOf(url)))}
          </p>
          <FieldError error={urlProblem} />
        </>
      ) : (
        <>
          <Text
            at={ofUrl}
            label={t.pictureAddress}
            hint={t.pictureAddressHint}
            value={url}
            onEdit={(value) => edit(ofUrl, (draft) => update(draft, (before) => ({ ...before, url: value })))}
            inputMode="url"
          />
          <FileChoice label={t.pictureFile} accept={PICTURE_TYPES.join(",")} onFile={choose} />
          <FieldError error={refusal} />
        </>
      )}
      {isGiven && (
        <>
          {/^(?:https:|data:)/.test(url) && <Shown image={{ url: url.trim(), alt }} />}
          <Text
            at={ofAlt}
            label={t.pictureAlt}
            hint={t.pictureAltHint}
            value={alt}
            onEdit={(value) => edit(ofAlt, (draft) => update(draft, (before) => ({ ...before, alt: value })))}
            most={bounds.Image.alt.maxLength}
            area
            isRequired
          />
          <div className="row">
            <Button small icon="trash" onClick={() => set(NO_PICTURE)}>
              {t.removePicture}
            </Button>
          </div>
        </>
      )}
    </fieldset>
  );
}
