// Writes the bounds of the fields that forms have as a module:
//   node scripts/bounds.mjs ../../docs/openapi.json --output src/bounds.ts
import { readFileSync, writeFileSync } from "node:fs";

const SCHEMAS = [
  "CreateTemplate", "UpdateTemplate", "TemplateContent", "Section", "Exercise", "Choice", "Criterion", "Image", "Stem", "MasteryCriterion",
  "StartSession", "SessionContent", "SessionSection", "SessionExercise", "UpdateProgress", "ReportedItem",
  "CompleteSession", "AnswerInput", "ReportQuestion", "CreateClass", "UpdateClass", "JoinClass",
  "CreateAssignment", "OverrideGrade", "VoidItem",
];
const KEYWORDS = [
  "minLength", "maxLength", "pattern", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minItems", "maxItems",
  "x-maxBytes",
];

const [document, , output] = process.argv.slice(2);
const { schemas } = JSON.parse(readFileSync(document, "utf8")).components;
const kinds = schemas.AnyQuestion.oneOf.map(named);

function named({ $ref }) {
  return $ref.split("/").at(-1);
}

/** The bounds of a value. Alternatives differ in type, and each type has keywords of its own. */
function boundsOf(schema) {
  const found = Object.fromEntries(KEYWORDS.filter((word) => word in schema).map((word) => [word, schema[word]]));
  const entries = schema.items ? boundsOf(schema.items) : {};
  if (Object.keys(entries).length) found.items = entries;
  for (const alternative of schema.anyOf ?? [])
    for (const [word, bound] of Object.entries(boundsOf(alternative))) {
      if (word in found) throw new Error(`Two alternatives have a ${word}: ${JSON.stringify(schema)}`);
      found[word] = bound;
    }
  return found;
}

const entries = [...SCHEMAS, ...kinds].map((name) => {
  const fields = Object.entries(schemas[name].properties).map(([field, schema]) => [field, boundsOf(schema)]);
  const bounded = fields.filter(([, bounds]) => Object.keys(bounds).length);
  return `  ${name}: ${JSON.stringify(Object.fromEntries(bounded))},\n`;
});
writeFileSync(
  output,
  `/**
 * The bounds of the fields that forms have, by schema and field, as the API document names them. \`items\` are those of a
 * list's entries. Generated from docs/openapi.json by \`npm run generate\`: do not edit.
 */
export const bounds = {
${entries.join("")}} as const;
`,
);
