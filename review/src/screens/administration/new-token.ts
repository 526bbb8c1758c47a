// Tokens of accounts are made here: the service is told their SHA-256 alone.
import { sha256, toBase64, utf8, type Bytes } from "../../audit/bytes";

export interface NewToken {
  token: string;
  sha256: Bytes;
}

export async function makeToken(): Promise<NewToken> {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const encoded = toBase64(random)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  // As those that the command line makes.
  const token = `frank_${encoded}`;
  return { token, sha256: await sha256(utf8(token)) };
}
