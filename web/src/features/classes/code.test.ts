import { expect, test } from "vitest";

import { linkTo, shown, typed } from "./code";

test("a code is shown in two groups and read as it was shown", () => {
  expect(shown("7KQ2M4D")).toBe("7KQ-2M4D");
  expect(typed(" 7kq-2m4d ")).toBe("7KQ2M4D");
  expect(typed("7KQ\u20132M4D")).toBe("7KQ2M4D");
  expect(typed("-")).toBe("");
});

test("the link leads to the page that joins", () => {
  expect(linkTo("7KQ2M4D")).toBe(`${location.origin}/join/7KQ2M4D`);
});
