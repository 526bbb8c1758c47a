// The vectors of the protocol, as all its implementations read them.
import { readFileSync } from "node:fs";
import { fromHex } from "../../src/api/ids";
import type { Bytes } from "../../src/audit/bytes";

export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(`../tests/vectors/${name}.json`, "utf8")) as T;
}

export function bytes(hex: string): Bytes {
  const found = fromHex(hex);
  if (!found) throw new Error(`no hex: ${hex}`);
  return found;
}
