import { defineMessages } from ".";

/** Pictures of questions, and the text that several have in common. */
export const pictures = defineMessages(
  {
    picture: "Picture:",
    notLoaded: "The picture can’t be shown. It shows:",
    stem: "What the question is about",
  },
  {
    de: {
      picture: "Bild:",
      notLoaded: "Das Bild lässt sich nicht zeigen. Darauf ist:",
      stem: "Worum es in der Frage geht",
    },
  },
);
