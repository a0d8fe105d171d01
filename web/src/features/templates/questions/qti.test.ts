import { readFileSync, readdirSync } from "node:fs";
import { crc32, deflateRawSync } from "node:zlib";

import { describe, expect, it, test } from "vitest";

import type { NoteCode } from "@/i18n/question_notes";

import { type Item, Refused } from "./item";
import { Package } from "./package";
import { readQtiItem } from "./qti";
import { readPackage } from "./qti_package";
import { parseXml } from "./xml";

/** The same files as those of the reader in admin/content, and what stands beside them. */
const FOLDER = new URL("../../../../../tests/support/content/", `file://${import.meta.filename}`);
const PACKAGES = ["qti21", "qti22", "qti30"];

type Files = readonly (readonly [string, Uint8Array])[];

function filesOf(folder: string): Files {
  const names = readdirSync(new URL(folder, FOLDER), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".xml"))
    .sort()
    .map((name) => [name, readFileSync(new URL(`${folder}/${name}`, FOLDER))]);
}

/** The files as a zip archive. */
function zipped(files: Files): Uint8Array {
  const entries: Buffer[] = [];
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, data] of files) {
    const rawName = Buffer.from(name);
    const packed = deflateRawSync(data);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(rawName.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    parts.push(Buffer.concat([Buffer.from("PK\x03\x04"), fields, rawName, packed]));
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, place, rawName]));
    at += parts.at(-1)!.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(entries).length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...entries, end]));
}

/** Where the command says in its own words why a file can't be read. */
const UNREADABLE: readonly NoteCode[] = ["no_xml", "no_item"];

function asExpected({ file, name, exercise, question, notes }: Item) {
  const read = notes.map(({ code, detail }) => (UNREADABLE.includes(code) ? ["unreadable"] : [code, detail]));
  return { place: file, name, exercise, question, notes: read };
}

function expected(folder: string) {
  const items = JSON.parse(readFileSync(new URL(`${folder}.json`, FOLDER), "utf8")) as {
    notes: [string, string][];
  }[];
  return items.map(({ notes, ...item }) => ({
    ...item,
    notes: notes.map(([code, detail]) => (code === "unreadable" ? [code] : [code, detail])),
  }));
}

test.each(PACKAGES)("the package %s is read as the command reads it", async (folder) => {
  expect((await readPackage(zipped(filesOf(folder)))).map(asExpected)).toEqual(expected(folder));
});

test("an item by itself is read as in its package", () => {
  const [, data] = filesOf("qti30").find(([name]) => name === "items/match.xml")!;
  const item = readQtiItem(parseXml(data).root, { line: 1, file: "items/match.xml", exercise: "" });
  expect(expected("qti30")).toContainEqual(asExpected(item));
});

test("a package without a manifest has its items", async () => {
  const files = filesOf("qti30").filter(([name]) => name !== "imsmanifest.xml");
  const items = await readPackage(zipped(files));
  expect(items.map(({ file }) => file)).toEqual(files.map(([name]) => name));
});

async function refusal(make: () => Promise<unknown>) {
  try {
    await make();
  } catch (error) {
    if (error instanceof Refused) return error.note.code;
  }
  return null;
}

/** Further packages that are refused are tried in Chromium, in tests/e2e/web/test_templates.py. */
describe("a package that is damaged", () => {
  const whole = zipped([
    ["añ.xml", Buffer.from("Which planet is the hottest? ".repeat(30))],
    ["b.xml", Buffer.from("Venus")],
  ]);
  const readAll = async (bytes: Uint8Array) => {
    const archive = new Package(bytes);
    for (const name of archive.names) await archive.read(name);
  };

  it("is read or refused, whichever byte is wrong", async () => {
    expect(await refusal(() => readAll(whole))).toBe(null);
    for (let at = 0; at < whole.length; at++)
      for (const value of [0, 0x7f, 0xff]) {
        const damaged = whole.slice();
        damaged[at] = value;
        try {
          await readAll(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(Refused);
        }
      }
  });

  it("is refused, wherever it ends", async () => {
    for (let size = 0; size < whole.length; size++)
      expect(await refusal(() => readAll(whole.slice(0, size)))).toBe("no_zip");
  });
});

test("a link is found from the file that has it", () => {
  const archive = new Package(zipped(["a b.xml", "items/c.xml"].map((name) => [name, new Uint8Array()])));
  expect(archive.resolve("c.xml#x", "items/test.xml")).toBe("items/c.xml");
  expect(archive.resolve("../a%20b.xml", "items/test.xml")).toBe("a b.xml");
  expect(archive.resolve("a%zz.xml", "")).toBe(null);
  expect(archive.resolve("../../a b.xml", "items/test.xml")).toBe(null);
  expect(archive.resolve("/a b.xml", "items/test.xml")).toBe(null);
});
