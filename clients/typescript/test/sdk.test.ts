/** Which of Firestore's SDKs the condition `firestore-lite` selects. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Timestamp } from "#firestore";

import { given } from "./environment.js";

test("the tests run with the SDK that they are to be run with", async () => {
  const sdk = given.lite ? await import("firebase/firestore/lite") : await import("firebase/firestore");
  assert.equal(Timestamp, sdk.Timestamp);
});
