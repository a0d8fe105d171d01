import { defineMessages } from ".";

/** Pictures of questions. */
export const pictures = defineMessages(
  { picture: "Picture:", notLoaded: "The picture can’t be shown. It shows:" },
  { de: { picture: "Bild:", notLoaded: "Das Bild lässt sich nicht zeigen. Darauf ist:" } },
);
