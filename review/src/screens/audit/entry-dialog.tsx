// One entry: what it says, and its proof, verified here.
import { useMutation } from "@tanstack/react-query";
import { useClients } from "../../api/clients";
import { toHex } from "../../api/ids";
import { sha256 } from "../../audit/bytes";
import { parseEntry } from "../../audit/entry";
import { verifyEntry, type EntryVerdict } from "../../audit/verify";
import { href } from "../../app/router";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { ProblemNote } from "../../parts/problem-note";
import { Moment } from "../../parts/time";
import { UntrustedLine, UntrustedText } from "../../parts/untrusted-text";
import { actInWords } from "./act-words";
import { actorInWords } from "./detail-words";
import type { LogRow } from "./log-pages";

const FAILED: Record<"signature" | "proof" | "other entry", string> = {
  signature: "the checkpoint is not signed by the log's key",
  proof: "the proof does not lead to the signed root",
  "other entry": "the service proved another entry than the one it listed",
};

export function VerdictLine({ verdict }: { verdict: EntryVerdict }) {
  if (!verdict.holds) {
    if (verdict.why === "no key") {
      return (
        <p role="status">
          <Badge tone="doubt">in the tree</Badge> Its hash and its place in the tree are
          right. Who signed the tree cannot be checked: the service tells no key.
        </p>
      );
    }
    return (
      <p className="problem" role="alert">
        <span>
          <strong>Not proven:</strong> {FAILED[verdict.why]}. Tell whoever runs the
          service, now.
        </span>
      </p>
    );
  }
  return (
    <p role="status">
      <Badge tone="proven">in the log</Badge> under the signed checkpoint of{" "}
      {verdict.checkpoint.size.toLocaleString("en-GB")} entries. Computed in this browser.
    </p>
  );
}

/** Asks for the proof of an act and verifies it. */
export function useEntryProof(vkey: string) {
  const { audit } = useClients();
  return useMutation({
    mutationFn: async (act: {
      subject: string;
      number: number;
      /** What the proven entry must be; absent: whatever the service says. */
      entry?: Uint8Array;
    }) => {
      const { outcome } = await audit.getInclusionProof({
        entry: {
          case: "act",
          value: { subject: act.subject, number: BigInt(act.number) },
        },
      });
      if (outcome.case !== "proof") return undefined;
      const expected = act.entry && (await sha256(act.entry));
      const proof = outcome.value;
      const read = parseEntry(proof.entry);
      const isThis = read?.subject === act.subject && read.actNumber === act.number;
      const verdict: EntryVerdict = isThis
        ? await verifyEntry(vkey, proof, expected)
        : { holds: false, why: "other entry" };
      return { proof, verdict };
    },
  });
}

function subjectLink(subject: string): string | undefined {
  const id = /^case:([0-9a-f]{32})$/.exec(subject)?.[1];
  return id === undefined ? undefined : href("case", id);
}

function pretty(details: string): string {
  return JSON.stringify(JSON.parse(details), null, 2);
}

interface EntryDialogProps {
  row: LogRow;
  vkey: string;
  onClose: () => void;
}

export function EntryDialog({ row, vkey, onClose }: EntryDialogProps) {
  const { entry, leafIndex, bytes } = row;
  const proof = useEntryProof(vkey);
  const title = `Entry ${leafIndex.toLocaleString("en-GB")}`;
  if (!entry) {
    return (
      <Dialog open onClose={onClose} title={title} size="wide">
        <p>This leaf of the tree is no entry as the protocol defines it. Its bytes:</p>
        <p className="mono hex">{toHex(bytes)}</p>
      </Dialog>
    );
  }
  const { subject, actNumber } = entry;
  const link = subjectLink(subject);
  return (
    <Dialog open onClose={onClose} title={title} size="wide">
      <dl className="facts">
        <dt>When</dt>
        <dd>
          <Moment at={entry.time} />
        </dd>
        <dt>Who</dt>
        <dd>
          <UntrustedLine text={actorInWords(entry.actor)} />{" "}
          <code>
            <UntrustedLine text={entry.actor} />
          </code>
        </dd>
        <dt>What</dt>
        <dd>
          <UntrustedLine text={actInWords(entry.act)} /> <code>{entry.act}</code>
        </dd>
        <dt>About</dt>
        <dd>
          <UntrustedLine text={subject} /> {link && <a href={link}>Open the case</a>}
        </dd>
        <dt>Details</dt>
        <dd className="mono">
          <UntrustedText text={pretty(entry.details)} />
        </dd>
      </dl>
      {proof.data && <VerdictLine verdict={proof.data.verdict} />}
      {proof.isSuccess && !proof.data && (
        <p role="status">The act is not in the log yet. Ask again in a second.</p>
      )}
      <ProblemNote error={proof.error} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
        {actNumber !== undefined && (
          <Button
            kind="primary"
            busy={proof.isPending}
            onClick={() => proof.mutate({ subject, number: actNumber, entry: bytes })}
          >
            Verify that it is in the log
          </Button>
        )}
      </div>
    </Dialog>
  );
}
