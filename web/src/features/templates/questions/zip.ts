/** The zip format, as far as packages need it: the archive's directory, and files that are stored or deflated. */

/** A file of the archive, as the directory at its end describes it. */
export interface Entry {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  /** Where its own header begins. */
  readonly at: number;
}

/** The archive, or a file of it, is not what the format says. */
export class Damaged extends Error {}

export const STORED = 0;
export const DEFLATED = 8;

const END = 0x06054b50;
const END_SIZE = 22;
const ENTRY = 0x02014b50;
const ENTRY_SIZE = 46;
const HEADER = 0x04034b50;
const HEADER_SIZE = 30;
const MAX_COMMENT = 0xffff;
/** Sizes and places with this value stand elsewhere, in archives beyond 4 GB. */
const ELSEWHERE = 0xffffffff;
const NAME_IS_UTF8 = 0x800;
const MAX_VERSION = 63;

/** The files in the order of the directory. Throws Damaged. */
export function entriesOf(bytes: Uint8Array): Entry[] {
  const view = viewOf(bytes);
  const end = endOf(view);
  const size = view.getUint32(end + 12, true);
  const start = end - size;
  // Other data may stand before the archive; all places count from its own beginning.
  const base = start - view.getUint32(end + 16, true);
  if (start < 0 || base < 0) throw new Damaged();
  const entries: Entry[] = [];
  for (let at = start; at < end;) {
    if (at + ENTRY_SIZE > end || view.getUint32(at, true) !== ENTRY) throw new Damaged();
    const next = at + ENTRY_SIZE + sum(view, at + 28, 3);
    if (next > end) throw new Damaged();
    entries.push(entryAt(bytes, at, base));
    at = next;
  }
  return entries;
}

/** The content of a file; of one that is larger than `most` bytes more than these, but not all. Throws Damaged. */
export async function contentOf(bytes: Uint8Array, entry: Entry, most: number): Promise<Uint8Array> {
  const packed = packedOf(bytes, entry);
  const data = entry.method === STORED ? packed : await inflated(packed, most);
  if (data.length <= most && checksumOf(data) !== entry.checksum) throw new Damaged();
  return data;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The record at the end, after which only a comment may stand. */
function endOf(view: DataView): number {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--)
    if (view.getUint32(at, true) === END) return at;
  throw new Damaged();
}

/** Of the lengths of a name, of further fields and of a comment. */
function sum(view: DataView, at: number, count: number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += view.getUint16(at + 2 * index, true);
  return total;
}

function entryAt(bytes: Uint8Array, at: number, base: number): Entry {
  const view = viewOf(bytes);
  const flags = view.getUint16(at + 8, true);
  const packedSize = view.getUint32(at + 20, true);
  const header = view.getUint32(at + 42, true);
  if (view.getUint8(at + 6) > MAX_VERSION || packedSize === ELSEWHERE || header === ELSEWHERE)
    throw new Damaged();
  const rawName = bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + view.getUint16(at + 28, true));
  return {
    name: nameOf(rawName, flags),
    rawName,
    flags,
    method: view.getUint16(at + 10, true),
    checksum: view.getUint32(at + 16, true),
    packedSize,
    at: base + header,
  };
}

/** The second half of code page 437, which names without a mark are in. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

function nameOf(raw: Uint8Array, flags: number): string {
  // A zero byte ends a name.
  const bytes = raw.subarray(0, raw.includes(0) ? raw.indexOf(0) : undefined);
  if (!(flags & NAME_IS_UTF8))
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128])).join("");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Damaged();
  }
}

function packedOf(bytes: Uint8Array, { at, rawName, packedSize }: Entry): Uint8Array {
  const view = viewOf(bytes);
  if (at + HEADER_SIZE > bytes.length || view.getUint32(at, true) !== HEADER) throw new Damaged();
  const name = bytes.subarray(at + HEADER_SIZE, at + HEADER_SIZE + view.getUint16(at + 26, true));
  const isSame = name.length === rawName.length && name.every((byte, index) => byte === rawName[index]);
  const start = at + HEADER_SIZE + sum(view, at + 26, 2);
  if (!isSame || start + packedSize > bytes.length) throw new Damaged();
  return bytes.subarray(start, start + packedSize);
}

/** Deflate makes at most a thousand bytes of one, so that a piece can't make more than 16 MB. */
const PIECE = 16 * 1024;

async function inflated(packed: Uint8Array, most: number): Promise<Uint8Array> {
  let at = 0;
  const pieces = new ReadableStream<BufferSource>(
    {
      pull(controller) {
        if (at >= packed.length) controller.close();
        else controller.enqueue(packed.slice(at, (at += PIECE)));
      },
    },
    { highWaterMark: 0 },
  );
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = pieces.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (let next = await reader.read(); !next.done && size <= most; next = await reader.read()) {
      parts.push(next.value);
      size += next.value.length;
    }
    await reader.cancel();
  } catch {
    throw new Damaged();
  }
  return joined(parts, size);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** CRC-32, by its reversed polynomial. */
const POLYNOMIAL = 0xedb88320;
let remainders: Uint32Array | undefined;

function checksumOf(data: Uint8Array): number {
  remainders ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
    return rest;
  });
  let rest = 0xffffffff;
  for (const byte of data) rest = (rest >>> 8) ^ remainders[(rest ^ byte) & 0xff]!;
  return ~rest >>> 0;
}
