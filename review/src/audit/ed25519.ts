// Ed25519 as protocol section 2 wants it: RFC 8032 without the cofactor, and no
// public key that is not canonical or of small order.
import { fromHex, sameBytes } from "../api/ids";
import type { Bytes } from "./bytes";

const P = (1n << 255n) - 19n;

/** The y of the points of small order, little-endian; signs are apart. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((hex) => fromHex(hex) ?? new Uint8Array());

/** Whether a public key may be used at all. */
export function isGoodKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  const y = publicKey.slice();
  y[31] = (y[31] ?? 0) & 0x7f;
  const value = y.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return value < P && !SMALL_ORDER.some((small) => sameBytes(small, y));
}

async function importKey(publicKey: Bytes): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") {
      return undefined;
    }
    throw error;
  }
}

/** Verifies in script, for browsers whose WebCrypto knows no Ed25519. */
export async function verifyInScript(
  publicKey: Bytes,
  signature: Bytes,
  message: Bytes,
): Promise<boolean> {
  const { ed25519 } = await import("@noble/curves/ed25519.js");
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}

export async function verifyEd25519(
  publicKey: Bytes,
  signature: Bytes,
  message: Bytes,
): Promise<boolean> {
  if (!isGoodKey(publicKey) || signature.length !== 64) return false;
  const key = await importKey(publicKey);
  return key
    ? await crypto.subtle.verify("Ed25519", key, signature, message)
    : await verifyInScript(publicKey, signature, message);
}
