import { defineMessages } from ".";

export const charts = defineMessages(
  {
    asTable: "As a table",
    tableOf: (title: string) => `${title}: table`,
  },
  {
    de: {
      asTable: "Als Tabelle",
      tableOf: (title: string) => `${title}: Tabelle`,
    },
  },
);
