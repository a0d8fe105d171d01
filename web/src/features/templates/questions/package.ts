/** The files of a zip archive, within the bounds of admin/content/package.py. */

import { FileRefused } from "./item";
import { DEFLATED, Damaged, type Entry, STORED, contentOf, entriesOf } from "./zip";

const MAX_FILES = 20_000;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** Of the files that are read, not of pictures and sounds. */
const MAX_READ_BYTES = 200 * 1024 * 1024;
/** What deflate reaches with text that people wrote is far below. */
const MAX_RATIO = 200;
const SMALL_BYTES = 64 * 1024;
/** Flags of a file: by a password or a certificate, and as a patch of an earlier file. */
const ENCRYPTED = 0x01 | 0x40;
const PATCH = 0x20;

/** A zip archive. Throws FileRefused for one that is broken or beyond the bounds. */
export class Package {
  readonly #bytes: Uint8Array;
  readonly #entries = new Map<string, Entry>();
  #readBytes = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const entries = directoryOf(bytes).filter(({ name }) => !name.endsWith("/"));
    if (entries.length > MAX_FILES) throw new FileRefused("many_files", String(MAX_FILES));
    for (const entry of entries) {
      const name = pathOf(entry.name);
      if (name === null) throw new FileRefused("outside", entry.name);
      if (this.#entries.has(name)) throw new FileRefused("twice", name);
      this.#entries.set(name, entry);
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The name of a file that a link in the file `base` leads to; null without one. */
  resolve(href: string, base: string): string | null {
    const [link = ""] = href.split("#");
    const path = unquoted(link);
    const folder = base.slice(0, base.lastIndexOf("/") + 1);
    const name = pathOf(path.startsWith("/") ? path : folder + path);
    return name !== null && this.#entries.has(name) ? name : null;
  }

  /** The content of a file. Throws FileRefused for one beyond the bounds. */
  async read(name: string): Promise<Uint8Array> {
    const entry = this.#entries.get(name);
    if (!entry) throw new FileRefused("missing", name);
    if (entry.flags & ENCRYPTED) throw new FileRefused("encrypted", name);
    const isKnown = entry.method === STORED || entry.method === DEFLATED;
    if (!isKnown || entry.flags & PATCH) throw new FileRefused("packed", name);
    const data = await this.#unpacked(name, entry);
    this.#readBytes += data.length;
    if (data.length > MAX_FILE_BYTES || this.#readBytes > MAX_READ_BYTES)
      throw new FileRefused("too_large", name);
    if (data.length > Math.max(SMALL_BYTES, MAX_RATIO * entry.packedSize))
      throw new FileRefused("bomb", name);
    return data;
  }

  async #unpacked(name: string, entry: Entry): Promise<Uint8Array> {
    try {
      // The sizes in the archive may be wrong, so as many bytes are read as are allowed.
      return await contentOf(this.#bytes, entry, MAX_FILE_BYTES);
    } catch (error) {
      throw error instanceof Damaged ? new FileRefused("broken", name) : error;
    }
  }
}

function directoryOf(bytes: Uint8Array): Entry[] {
  try {
    return entriesOf(bytes);
  } catch (error) {
    throw error instanceof Damaged ? new FileRefused("no_zip") : error;
  }
}

/** The path inside of the package, in one spelling; null for one that leads out of it. */
function pathOf(name: string): string | null {
  const plain = name.replaceAll("\\", "/");
  const steps: string[] = [];
  for (const step of plain.split("/")) {
    if (step === ".." && !steps.pop()) return null;
    if (step && step !== "." && step !== "..") steps.push(step);
  }
  const path = steps.join("/");
  const isOutside = plain.startsWith("/") || !path || path.slice(0, 3).includes(":");
  return isOutside || path.includes("\0") ? null : path;
}

function unquoted(link: string): string {
  return link.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (digits) => parseInt(digits, 16))),
  );
}
