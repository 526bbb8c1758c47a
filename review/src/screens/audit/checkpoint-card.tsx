// Where the log stands: its signed head, what waits, what is lost.
import type { LostActs } from "#gen/frank/v1/audit_pb";
import { Badge } from "../../parts/badge";
import { duration, Moment, ms, useNow } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import type { CheckedLog, Growth, Signature } from "./use-checkpoint";

const STILL_MS = 30 * 60_000;
const SLOW_MS = 10_000;

function SignatureLine({ signature, vkey }: { signature: Signature; vkey: string }) {
  if (signature === "holds") {
    return (
      <div>
        <Badge tone="proven">signature holds</Badge> under the key that the service itself
        names.
        <details>
          <summary>Compare the key</summary>
          <p>
            Whoever runs the service can tell you the key by another way. It must be this:
          </p>
          <pre className="verbatim">{vkey}</pre>
        </details>
      </div>
    );
  }
  if (signature === "other key") {
    return (
      <p className="problem" role="alert">
        <span>
          <strong>The log has another key than before.</strong> Nothing of it is believed.
          Ask whoever runs the service, by another way; if they changed the key, remove
          what this browser keeps of this site.
        </span>
      </p>
    );
  }
  if (signature === "no key") {
    return (
      <p>
        <Badge tone="doubt">signature not verified</Badge> The service does not tell its
        public key here.
      </p>
    );
  }
  return (
    <p className="problem" role="alert">
      <span>
        <strong>The checkpoint is not signed by the log&apos;s key.</strong> Somebody
        changed it, or the key. Tell whoever runs the service, now.
      </span>
    </p>
  );
}

function GrowthLine({ growth }: { growth: Growth }) {
  if (growth.kind === "first") {
    return (
      <p className="faint">
        This browser sees the log for the first time, and remembers where it stands.
      </p>
    );
  }
  if (growth.kind === "not asked") return null;
  const { size } = growth.before;
  if (growth.kind === "grew") {
    return (
      <p>
        <Badge tone="proven">only grew</Badge> out of the {size.toLocaleString("en-GB")}{" "}
        entries that this browser saw last
        {growth.before.signedAt !== undefined && (
          <>
            , of <Moment at={growth.before.signedAt} />
          </>
        )}
        .
      </p>
    );
  }
  return (
    <p className="problem" role="alert">
      <span>
        <strong>The log was rewritten.</strong> It did not grow out of the{" "}
        {size.toLocaleString("en-GB")} entries that this browser saw last. Tell whoever
        runs the service, now; the older checkpoint stays remembered.
      </span>
    </p>
  );
}

function LostLine({ lost, count }: { lost: LostActs[]; count: bigint }) {
  if (count === 0n) return <p className="faint">No act is known to be lost.</p>;
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{count.toLocaleString("en-GB")} acts are lost:</strong> they had been
        written and were not there, or not as they were written, when their turn came.
      </p>
      <ul>
        {lost.map(({ subject, firstNumber, lastNumber, foundAt }) => (
          <li key={`${subject} ${firstNumber.toString()}`}>
            <UntrustedLine text={subject} />, acts {firstNumber.toString()} to{" "}
            {lastNumber.toString()}, noticed <Moment at={foundAt} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PendingLine({ since }: { since: bigint }) {
  const now = useNow(5000);
  if (since === 0n) return <p className="faint">No act waits to enter the log.</p>;
  const waits = Math.max(0, now - ms(since));
  const words = `The oldest act that is not in the log yet waits ${duration(waits)}.`;
  return waits > SLOW_MS ? (
    <p className="notice">{words} Ten seconds are usual at most.</p>
  ) : (
    <p>{words}</p>
  );
}

export function CheckpointCard({ log }: { log: CheckedLog }) {
  const now = useNow(15_000);
  const { answer, head } = log;
  const signedAt = head?.signedAt ?? ms(answer.signedAt);
  return (
    <section className="checkpoint" aria-label="Checkpoint">
      <p className="checkpoint-head">
        <strong>{head ? head.size.toLocaleString("en-GB") : "No"}</strong> entries, signed{" "}
        {signedAt > 0 ? <Moment at={signedAt} /> : "at a time that is not told"}
      </p>
      {signedAt > 0 && now - signedAt > STILL_MS && (
        <p className="notice">
          The log stands still: a checkpoint is signed every ten minutes even when nothing
          happens, and this one is {duration(now - signedAt)} old.
        </p>
      )}
      <SignatureLine signature={log.signature} vkey={log.vkey} />
      <GrowthLine growth={log.growth} />
      <PendingLine since={answer.pendingSince} />
      <LostLine lost={answer.lost} count={answer.lostCount} />
      <details>
        <summary>The checkpoint, verbatim</summary>
        <pre className="verbatim">{answer.checkpoint}</pre>
      </details>
    </section>
  );
}
