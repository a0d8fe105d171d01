export { PracticeSessionDriver, type DriverOptions } from "./driver.js";
export type { Cursor, Page, PageOptions } from "./firestore.js";
export type { CallOptions, FunctionName, Options } from "./functions.js";
export { InfinitePractice, type Presented } from "./practice.js";
export { PracticeProblem } from "./problem.js";
export type { SessionList, Sessions, StudentsSessionList } from "./sessions.js";
export type { TemplateList, Templates } from "./templates.js";
export type * from "./types.js";
export type { components, operations, paths } from "./api.js";
