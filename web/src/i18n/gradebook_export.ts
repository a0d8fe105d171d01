import { counted, defineMessages } from ".";

export const gradebookExport = defineMessages(
  {
    title: "Export sessions",
    about:
      "A table with a row for each session, for a spreadsheet: those that the history lists, and all of its pages.",
    which: (kind: string, status: string) => `Kind: ${kind}. Status: ${status}.`,
    start: "Export",
    reading: (count: number) => `${counted("en", count, "session", "sessions")} read …`,
    done: (count: number) => `${counted("en", count, "session is", "sessions are")} in the file.`,
    fileName: "gradebook",
  },
  {
    de: {
      title: "Sitzungen exportieren",
      about:
        "Eine Tabelle mit einer Zeile je Sitzung, für eine Tabellenkalkulation: was der Verlauf zeigt, mit allen seinen Seiten.",
      which: (kind: string, status: string) => `Art: ${kind}. Stand: ${status}.`,
      start: "Exportieren",
      reading: (count: number) => `${counted("de", count, "Sitzung", "Sitzungen")} gelesen …`,
      done: (count: number) => `${counted("de", count, "Sitzung ist", "Sitzungen sind")} in der Datei.`,
      fileName: "notenbuch",
    },
  },
);
