import { ProofStatus, type CaseSummary } from "#gen/frank/v1/review_pb";
import { Badge, type Tone } from "./badge";

const TONES: Record<ProofStatus, Tone> = {
  [ProofStatus.UNSPECIFIED]: "plain",
  [ProofStatus.PROVEN]: "proven",
  [ProofStatus.UNPROVEN]: "doubt",
  [ProofStatus.FORGED]: "forged",
  [ProofStatus.UNOPENABLE]: "doubt",
};

const WORDS: Record<ProofStatus, string> = {
  [ProofStatus.UNSPECIFIED]: "unknown",
  [ProofStatus.PROVEN]: "proven",
  [ProofStatus.UNPROVEN]: "nothing proven",
  [ProofStatus.FORGED]: "forged",
  [ProofStatus.UNOPENABLE]: "cannot be opened",
};

export function proofTone(proof: ProofStatus): Tone {
  return TONES[proof];
}

/** What a case can prove, in two words. */
export function ProofBadge({
  summary: { proof, provenCount },
}: {
  summary: Pick<CaseSummary, "proof" | "provenCount">;
}) {
  const count = proof === ProofStatus.PROVEN ? `${provenCount.toString()} ` : "";
  return (
    <Badge tone={TONES[proof]}>
      {count}
      {WORDS[proof]}
    </Badge>
  );
}
