/** Finds the file of an import for eslint-plugin-boundaries, as Vite and TypeScript do. */

const { existsSync, statSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const ENDS = ["", ".ts", ".tsx", "/index.ts", "/index.tsx"];

exports.interfaceVersion = 2;
exports.resolve = (source, file) => {
  if (!/^(@\/|\.)/.test(source)) return { found: false };
  const base = source.startsWith("@/")
    ? join(__dirname, "src", source.slice(2))
    : resolve(dirname(file), source);
  const path = ENDS.map((end) => base + end).find((name) => existsSync(name) && statSync(name).isFile());
  return path ? { found: true, path } : { found: false };
};
