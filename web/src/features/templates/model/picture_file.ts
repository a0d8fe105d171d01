/** A picture of the device as an address that holds it. */

import { bounds } from "practice-client/bounds";

/** By the types that a browser gives to files. */
export const PICTURE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml"] as const;

const LONGEST_HEAD = "data:image/svg+xml;base64,";
/** In base64 three bytes take four characters. */
export const MOST_PICTURE_BYTES = Math.floor((bounds.Image.url.maxLength - LONGEST_HEAD.length) / 4) * 3;

export type PictureRefusal = { reason: "type" } | { reason: "size"; bytes: number };

export function isInText(url: string): boolean {
  return url.startsWith("data:");
}

/** How many bytes the picture has that such an address holds. */
export function bytesOf(url: string): number {
  return Math.floor(((url.length - url.indexOf(",") - 1) / 4) * 3);
}

export async function pictureOfFile(file: File): Promise<string | PictureRefusal> {
  const type = PICTURE_TYPES.find((known) => known === file.type);
  if (!type) return { reason: "type" };
  if (file.size > MOST_PICTURE_BYTES) return { reason: "size", bytes: file.size };
  const bytes = new Uint8Array(await file.arrayBuffer());
  return `data:${type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
