import type { Session } from "practice-client";
import { describe, expect, it } from "vitest";

import { merged, newsOf, rosterOf } from "./roster";

const session = (student_id: string, status: Session["status"], day: number) => {
  const at = `2026-03-0${day}T12:00:00Z`;
  return {
    session_id: `${student_id}-${day}`,
    student_id,
    status,
    started_at: at,
    last_activity_at: at,
  } as Session;
};
const shown = (rows: ReturnType<typeof rosterOf>) => rows.map(({ uid, state }) => `${uid} ${state}`);

describe("a roster", () => {
  const sessions = [
    session("ben", "active", 1),
    session("ann", "completed", 2),
    session("ann", "active", 3),
    session("cy", "abandoned", 2),
    session("eve", "active", 4),
    session("old", "completed", 5),
  ];

  it("has every student, those at work first", () => {
    const rows = rosterOf(["ann", "ben", "cy", "dan", "eve"], sessions, true);
    expect(shown(rows)).toEqual([
      "eve began",
      "ben began",
      "old finished",
      "ann finished",
      "cy stopped",
      "dan never",
    ]);
    expect(rows.find(({ uid }) => uid === "ann")).toMatchObject({
      isAgainAtWork: true,
      isAssigned: true,
      session: { session_id: "ann-2" },
    });
    expect(rows.find(({ uid }) => uid === "old")).toMatchObject({ isAssigned: false, isAgainAtWork: false });
  });

  it("says of nobody that they never began while older sessions are not read", () => {
    expect(shown(rosterOf(["dan"], sessions.slice(0, 1), false))).toEqual(["ben began", "dan unknown"]);
  });
});

describe("watched sessions", () => {
  const [one, two, three, four] = [4, 3, 2, 1].map((day) => session("ann", "completed", day));
  const ids = (sessions: Session[]) => sessions.map(({ session_id }) => session_id);

  it("are those that were read until something comes", () => {
    expect(merged(null, [one!, two!], 2)).toEqual([one, two]);
  });

  it("that are fewer than the limit are all", () => {
    expect(merged([one!], [one!, two!], 2)).toEqual([one]);
    expect(merged([], [one!], 2)).toEqual([]);
  });

  it("stand before the older ones, which are read once", () => {
    expect(ids(merged([one!, three!], [two!, three!, four!], 2))).toEqual(["ann-4", "ann-2", "ann-1"]);
  });
});

describe("news", () => {
  const [active, completed] = [session("ann", "active", 1), session("ann", "completed", 1)];

  it("are a beginning and an end", () => {
    expect(newsOf([], [active])).toEqual({ uid: "ann", kind: "beganNow" });
    expect(newsOf([active], [completed])).toEqual({ uid: "ann", kind: "finishedNow" });
    expect(newsOf([], [completed])).toEqual({ uid: "ann", kind: "finishedNow" });
  });

  it("are not what was known", () => {
    expect(newsOf([active], [active])).toBeNull();
    expect(newsOf([completed], [completed])).toBeNull();
    expect(newsOf([completed], [])).toBeNull();
  });
});
