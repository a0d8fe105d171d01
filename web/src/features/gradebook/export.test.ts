import { parse } from "papaparse";
import type { Session } from "practice-client";
import { describe, expect, it } from "vitest";

import { type Value, toCsv } from "@/data/csv";
import { formatOf } from "@/i18n/format";

import { COLUMNS, shownValue } from "./columns";

const read = (text: string) => parse<string[]>(text.replace("\uFEFF", ""), { skipEmptyLines: true }).data;

describe("a file", () => {
  it("has a mark of its encoding, and lines that end as RFC 4180 says", () => {
    expect(
      toCsv([
        ["Name", "Übung"],
        ["a", 1],
      ]),
    ).toBe("\uFEFFName,Übung\r\na,1\r\n");
  });

  it("brings every text back", () => {
    const texts = ['He said "no"', "a,b", "two\r\nlines", "Größe, 学习", " spaced ", ""];
    expect(read(toCsv([texts, texts]))).toEqual([texts, texts]);
  });

  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    '=HYPERLINK("http://x","y")',
  ])("makes %j a text", (text) => {
    expect(read(toCsv([[text, "x"]]))[0]?.[0]).toBe(`'${text}`);
  });

  it("leaves numbers and other texts alone", () => {
    const cells: Value[] = [-1.5, 0, 66.7, null, "a=b", "1-2", "it's"];
    expect(toCsv([cells])).toBe("\uFEFF-1.5,0,66.7,,a=b,1-2,it's\r\n");
  });
});

describe("the columns", () => {
  const words = { assigned: "A", selfPractice: "S", completed: "C", active: "R", abandoned: "E" };
  const session = {
    name: "Scales",
    origin: "self_practice",
    status: "completed",
    subject: null,
    started_at: "2026-03-02T23:30:00Z",
    timezone: "Europe/Berlin",
    time_spent_seconds: 1_234,
    questions_correct: 2,
    total_questions: 3,
    score_percent: 66.7,
    xp: { total: 1_250, verified: 30 },
  } as Session;
  const values = COLUMNS.map(({ valueOf }) => valueOf(session, words));

  it("have what the session has, at the time of its zone", () => {
    const expected = ["Scales", "S", "C", null, "2026-03-03 00:30", 20.6, 2, 3, 66.7, 1_250, 30];
    expect(values).toEqual(expected);
  });

  it("are read by people in their own way", () => {
    const shown = (locale: string) =>
      COLUMNS.map(({ kind }, index) => shownValue(values[index] ?? null, kind, formatOf(locale)));
    expect(shown("en-GB").slice(3)).toEqual([
      "–",
      "3 Mar 2026, 00:30",
      "20.6",
      "2",
      "3",
      "66.7%",
      "1,250",
      "30",
    ]);
    expect(shown("de-DE").slice(5)).toEqual(["20,6", "2", "3", "66,7\u00a0%", "1.250", "30"]);
  });
});
