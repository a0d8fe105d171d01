import { defineMessages } from ".";

/** What is done with a template. */
export const templateActions = defineMessages(
  {
    practise: "Practise",
    practiseOf: (name: string) => `Practise ${name}`,
    checklist: "Checklist",
    checklistOf: (name: string) => `Checklist of ${name}`,
  },
  {
    de: {
      practise: "Üben",
      practiseOf: (name: string) => `${name} üben`,
      checklist: "Checkliste",
      checklistOf: (name: string) => `Checkliste zu ${name}`,
    },
  },
);
