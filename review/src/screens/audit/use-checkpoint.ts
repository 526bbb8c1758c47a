// The newest checkpoint, verified, and whether the log grew out of the one that
// this browser saw before.
import { useQuery } from "@tanstack/react-query";
import type { GetCheckpointResponse } from "#gen/frank/v1/audit_pb";
import { useClients, type Clients } from "../../api/clients";
import { fetchConfig } from "../../api/config";
import { readCheckpoint, type Checkpoint } from "../../audit/checkpoint";
import { rememberCheckpoint, seenCheckpoint, type Seen } from "../../audit/seen";
import { openUnder, verifyGrowth } from "../../audit/verify";

/** "other key": not the one that the log had when this browser saw it last. */
export type Signature = "holds" | "fails" | "no key" | "other key";
export type Growth =
  /** None of this log's was seen here before. */
  | { kind: "first" }
  /** The role may not have the proof. */
  | { kind: "not asked" }
  | { kind: "grew" | "rewritten"; before: Checkpoint };

export interface CheckedLog {
  answer: GetCheckpointResponse;
  /** What it states; on the service's word unless the signature holds. */
  head: Checkpoint | undefined;
  signature: Signature;
  /** As the service itself names it. */
  vkey: string;
  growth: Growth;
}

async function growthOf(
  audit: Clients["audit"],
  before: Checkpoint | undefined,
  head: Checkpoint,
  mayProve: boolean,
  signal: AbortSignal,
): Promise<Growth> {
  if (!before) return { kind: "first" };
  if (!mayProve) return { kind: "not asked" };
  const grew = await verifyGrowth(before, head, async (oldSize, newSize) => {
    const { proof } = await audit.getConsistencyProof({ oldSize, newSize }, { signal });
    return proof;
  });
  return { kind: grew ? "grew" : "rewritten", before };
}

async function signatureOf(
  vkey: string,
  seen: Seen | undefined,
  note: string,
): Promise<Signature> {
  if (seen && seen.vkey !== vkey) return "other key";
  if (!vkey) return "no key";
  return (await openUnder(vkey, note)) ? "holds" : "fails";
}

/** Verifies what the service answered, and remembers it only if all holds. */
export async function checkLog(
  audit: Clients["audit"],
  vkey: string,
  mayProve: boolean,
  signal: AbortSignal,
): Promise<CheckedLog> {
  const answer = await audit.getCheckpoint({}, { signal });
  const stated = readCheckpoint(answer.checkpoint);
  const seen = await seenCheckpoint();
  const signature = await signatureOf(vkey, seen, answer.checkpoint);
  if (!stated || signature !== "holds") {
    return { answer, head: stated, signature, vkey, growth: { kind: "not asked" } };
  }
  const growth = await growthOf(audit, seen?.checkpoint, stated, mayProve, signal);
  const isKept = growth.kind === "first" || growth.kind === "grew";
  if (isKept) rememberCheckpoint(vkey, answer.checkpoint);
  return { answer, head: stated, signature, vkey, growth };
}

/** The public key of the log, of the configuration; empty: none is told. */
export function useAuditVkey() {
  return useQuery({
    queryKey: ["config"],
    queryFn: fetchConfig,
    staleTime: Infinity,
    select: ({ auditVkey }) => auditVkey,
  });
}

export function useCheckedLog(vkey: string | undefined, mayProve: boolean) {
  const { audit } = useClients();
  return useQuery({
    queryKey: ["checkpoint", vkey, mayProve],
    enabled: vkey !== undefined,
    queryFn: ({ signal }) => checkLog(audit, vkey ?? "", mayProve, signal),
  });
}
