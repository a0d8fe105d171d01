import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";

import { isRich, withDollars } from "./math_marks";
import Typeset from "./typeset_math";

const typeset = (text: string, isLine = false) =>
  renderToStaticMarkup(<Typeset text={text} isLine={isLine} />);

describe("formulas", () => {
  test.each([
    ["a $x^2$ b", "a $$x^2$$ b"],
    [String.raw`a \(x^2\) b`, "a $$x^2$$ b"],
    [String.raw`\[ x^2 \]`, "$$\nx^2\n$$"],
    ["so\n$$x^2$$\nthen", "so\n$$\nx^2\n$$\nthen"],
    ["in $$x^2$$ a line", "in $$x^2$$ a line"],
  ])("%j is mathematics", (text, expected) => {
    expect(withDollars(text)).toBe(expected);
  });

  test.each(["It costs $5 and $6.", "5$ or 6$ each", "`$x$`", "```\n$x$\n```", String.raw`\$x\$`])(
    "%j is none",
    (text) => {
      expect(withDollars(text)).toBe(text);
    },
  );

  test("are MathML with their source, without styles or fonts", () => {
    const html = typeset("$\\frac{1}{2}$");
    expect(html).toContain("<mfrac>");
    expect(html).not.toContain("katex-html");
    expect(html).not.toContain("<style");
  });

  test("that can't be read are shown as they were written", () => {
    expect(typeset(String.raw`$\frac{1}{$`)).toContain(String.raw`\frac{1}{`);
  });

  test("make neither links nor images", () => {
    const html = typeset(
      String.raw`$\href{javascript:alert(1)}{x} \includegraphics{https://x.example/a.png}$`,
    );
    expect(html).not.toMatch(/<a |<img|href=/);
  });
});

describe("Markdown", () => {
  test("shows HTML as text", () => {
    const html = typeset('<img src=x onerror="alert(1)"> <script>alert(1)</script> **b**');
    expect(html).not.toMatch(/<img|<script/);
    expect(html).toContain("<strong>b</strong>");
  });

  test("links to web pages only", () => {
    expect(typeset("[a](https://x.example)")).toContain('href="https://x.example"');
    for (const address of [
      "javascript:alert(1)",
      "data:text/html,x",
      "/sign-in",
      "vbscript:x",
      "//x.example",
    ])
      expect(typeset(`[a](${address})`)).not.toContain("<a");
  });

  test("names images instead of loading them", () => {
    expect(typeset("![a wave](https://x.example/a.png)")).toBe("<p>a wave</p>");
  });

  test("has no headings, which would break into those of the page", () => {
    expect(typeset("# Title")).toBe("<p><strong>Title</strong></p>");
  });

  test("in a line has no blocks", () => {
    expect(typeset("- **a**\n- b", true)).not.toMatch(/<(p|ul|li|pre)/);
  });
});

describe("a text", () => {
  test.each(["How many semitones make one octave?", "A line.\nAnother, with 3 - 4 in it."])(
    "%j without marks needs no parser",
    (text) => {
      expect(isRich(text)).toBe(false);
    },
  );

  const hostile: [string, string][] = [
    ["brackets", "[".repeat(9_000)],
    ["links", "[a](".repeat(2_500)],
    ["stars", "*a_".repeat(3_000)],
    ["quotes", "> ".repeat(5_000)],
    ["nested lists", Array.from({ length: 150 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n")],
    ["list signs", "- ".repeat(5_000)],
    ["backticks", Array.from({ length: 140 }, (_, count) => "`".repeat(count)).join(" ")],
    ["dollars", "$".repeat(9_000)],
    ["dollars and letters", "$a ".repeat(3_000)],
    ["open formulas", "\\[".repeat(4_500)],
    ["braces", `$${"{".repeat(900)}${"}".repeat(900)}$`],
    ["roots", `$${"\\sqrt{".repeat(150)}x${"}".repeat(150)}$`],
    ["macros", String.raw`$\def\a{\a\a}\a$`],
    [
      "growing macros",
      String.raw`$\def\a{xxxxxxxxxx}\def\b{\a\a\a\a\a\a\a\a\a\a}\def\c{\b\b\b\b\b\b\b\b\b\b}\c\c\c\c$`,
    ],
    ["many formulas", "$x^2$ ".repeat(1_600)],
    ["a table", "|".repeat(9_000)],
    ["entities", "&amp;".repeat(1_900)],
    ["emphasis in brackets", "[*".repeat(290)],
    ["images", "![".repeat(290)],
    ["brackets at the limit", "[".repeat(590)],
    ["links at the limit", "[a](".repeat(290)],
    ["stars at the limit", "**a ".repeat(290)],
    ["underscores and stars at the limit", "*_a".repeat(290)],
    ["definitions", "[a]: <b>\n".repeat(140)],
  ];

  test.each(hostile)("of %s takes no time", (_name, text) => {
    const before = process.cpuUsage();
    if (isRich(text)) typeset(text);
    // Processor time in microseconds, because other processes may be at work.
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_500_000);
  });
});
