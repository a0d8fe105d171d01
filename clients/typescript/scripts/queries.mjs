// Writes the queries that docs/queries.json lists for clients as a module:
//   node scripts/queries.mjs ../../docs/queries.json --output src/queries.ts
import { readFileSync, writeFileSync } from "node:fs";

const [list, , output] = process.argv.slice(2);
const entries = JSON.parse(readFileSync(list, "utf8")).clients.map(
  ({ name, collection, group, where, order_by, limit }) =>
    `  ${JSON.stringify(name)}: ${JSON.stringify({ collection, ...(group ? { isGroup: true } : {}), where, orderBy: order_by, limit: limit ?? null })},\n`,
);
writeFileSync(
  output,
  `/**
 * The queries that firestore.rules allow and that have an index, by name. Generated from docs/queries.json by
 * \`npm run generate\`: do not edit.
 */
export const queries = {
${entries.join("")}} as const;
`,
);
