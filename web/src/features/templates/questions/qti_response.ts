/** What is right in an item of QTI. */

import { Refused } from "./item";
import { attribute, childrenOf, within, words } from "./qti_tree";

/** What a response declaration says is right. */
export class QtiResponse {
  readonly cardinality: string;
  readonly baseType: string;
  readonly correct: readonly string[];
  readonly tolerance: string;
  readonly #points: ReadonlyMap<string, number>;

  private constructor(declaration: Element, item: Element) {
    this.cardinality = declaration.getAttribute("cardinality") ?? "single";
    this.baseType = declaration.getAttribute("baseType") ?? "identifier";
    this.correct = childrenOf(declaration, "correctResponse")
      .flatMap((each) => within(each, "value"))
      .map(({ textContent }) => textContent.trim());
    this.#points = new Map(
      within(declaration, "mapEntry").map((entry) => [
        attribute(entry, "mapKey"),
        Number(attribute(entry, "mappedValue")) || 0,
      ]),
    );
    this.tolerance = toleranceOf(item);
  }

  /** Throws Refused for an interaction without a declaration. */
  static of(item: Element, interaction: Element): QtiResponse {
    const name = attribute(interaction, "responseIdentifier");
    const found = within(item, "responseDeclaration").find(
      (each) => each.getAttribute("identifier") === name,
    );
    if (!found) throw new Refused("undeclared", name || "?");
    return new QtiResponse(found, item);
  }

  /** 100 for a right value, less for one that earns a part of the points. */
  percent(value: string): number {
    if (this.correct.includes(value)) return 100;
    const best = Math.max(0, ...this.#points.values());
    return best > 0 ? (100 * Math.max(0, this.#points.get(value) ?? 0)) / best : 0;
  }

  /** All values that it names, the right ones first. */
  get values(): string[] {
    return [...new Set([...this.correct, ...this.#points.keys()])];
  }
}

/** The absolute tolerance with which the rules compare numbers. */
function toleranceOf(item: Element): string {
  const equal = within(item, "equal").find((each) => attribute(each, "toleranceMode") === "absolute");
  return equal ? (words(attribute(equal, "tolerance"))[0] ?? "") : "";
}

const STANDARD = /^.*\/(?:match_correct|map_response|map_response_point|CC2_\w+)(?:\.xml)?$/;
const ARITHMETIC = new Set(
  (
    "sum product subtract divide power customOperator patternMatch stringMatch substring " +
    "inside lt gt lte gte durationLT durationGTE random"
  ).split(" "),
);

/** Whether rules beyond a comparison with what is correct compute the score. */
export function hasOwnScoring(item: Element): boolean {
  return within(item, "responseProcessing")
    .filter((processing) => !STANDARD.test(attribute(processing, "template")))
    .flatMap((processing) => [
      ...within(processing, "responseCondition"),
      ...within(processing, "setOutcomeValue"),
    ])
    .some((rule) => within(rule, "*").some(({ localName }) => ARITHMETIC.has(localName)));
}
