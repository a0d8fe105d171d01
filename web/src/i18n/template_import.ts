import { counted, defineMessages } from ".";

/** The import of a whole template, in a dialog that is loaded when it is opened. */
export const templateImport = defineMessages(
  {
    text: "The file is checked first. Then it replaces what is here; Undo brings that back.",
    choose: "File with a template",
    noJson: "This file cannot be read. Choose one that was exported here (JSON).",
    problems: (count: number) =>
      `Nothing was replaced: the file has ${counted("en", count, "problem", "problems")}.`,
    found: (sections: string, questions: string, minutes: string) => `${sections}, ${questions}, ${minutes}.`,
    replace: "Replace by this file",
    taken: "The template was replaced by the file.",
  },
  {
    de: {
      text: "Die Datei wird erst geprüft. Dann ersetzt sie, was hier steht; Rückgängig holt das zurück.",
      choose: "Datei mit einer Vorlage",
      noJson: "Diese Datei lässt sich nicht lesen. Wähle eine, die hier exportiert wurde (JSON).",
      problems: (count: number) =>
        `Nichts wurde ersetzt: Die Datei hat ${counted("de", count, "Problem", "Probleme")}.`,
      found: (sections: string, questions: string, minutes: string) =>
        `${sections}, ${questions}, ${minutes}.`,
      replace: "Durch diese Datei ersetzen",
      taken: "Die Vorlage wurde durch die Datei ersetzt.",
    },
  },
);
