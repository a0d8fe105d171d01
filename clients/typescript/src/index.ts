export { PracticeSessionDriver, type DriverOptions, type StoredDocument } from "./driver.js";
export type { CallOptions, Options } from "./functions.js";
export { PracticeProblem } from "./problem.js";
export type * from "./types.js";
export type { components, operations, paths } from "./api.js";
