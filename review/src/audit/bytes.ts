// The encodings of protocol section 2, and canonical base64.

/** Bytes as WebCrypto takes them: of a buffer that nobody shares. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** The bytes of padded, canonical base64; undefined for anything else. */
export function fromBase64(text: string): Bytes | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    return undefined;
  }
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
}

/** Reads from the front of bytes, strictly. Throws RangeError. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("the bytes end too early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u64(): bigint {
    return this.take(8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  /** vec(x): a length in the shortest header that fits, then x. */
  vec(): Uint8Array {
    const first = this.u8();
    const size = 1 << (first >> 6);
    if (size > 4) throw new RangeError("a length has a prefix that is not allowed");
    let length = first & 0x3f;
    for (const byte of this.take(size - 1)) length = length * 256 + byte;
    if (size > 1 && length < (size === 2 ? 64 : 16384)) {
      throw new RangeError("a length is longer than it need be");
    }
    return this.take(length);
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw new RangeError("bytes follow the end");
  }
}
