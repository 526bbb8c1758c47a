// Hashing all entries anew, in this browser.
import { useEffect, useRef, useState } from "react";
import { useClients } from "../../api/clients";
import type { Checkpoint } from "../../audit/checkpoint";
import { verifyLog, type LogFindings } from "../../audit/verify";
import { announce } from "../../app/announce";
import { useCommands } from "../../app/keys";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { ProblemNote } from "../../parts/problem-note";
import { UntrustedLine } from "../../parts/untrusted-text";
import { allEntries } from "./log-pages";

type Run =
  | { state: "idle" }
  | { state: "running"; done: bigint }
  | { state: "stopped"; done: bigint }
  | { state: "failed"; error: unknown }
  | { state: "done"; findings: LogFindings };

/** Whether nothing at all is wrong with it. */
export function isWhole(findings: LogFindings): boolean {
  return (
    findings.rootHolds &&
    findings.olderHolds !== false &&
    findings.gaps.length === 0 &&
    findings.unreadable.length === 0
  );
}

interface FindingsProps {
  findings: LogFindings;
  /** Whether the signature of the root holds, and not only the service's word. */
  signed: boolean;
}

function Findings({ findings, signed }: FindingsProps) {
  const { gaps, unreadable, rootHolds, olderHolds } = findings;
  const entries = findings.entryCount.toLocaleString("en-GB");
  const subjects = findings.subjectCount.toLocaleString("en-GB");
  if (isWhole(findings) && !signed) {
    return (
      <p role="status">
        <Badge tone="doubt">signature not verified</Badge> {entries} entries about{" "}
        {subjects} subjects give the root that the service states, without a gap in the
        numbers. Whoever made them up could make up the root as well.
      </p>
    );
  }
  if (isWhole(findings)) {
    return (
      <p role="status">
        <Badge tone="proven">whole</Badge> {entries} entries about {subjects} subjects
        give the root that was signed, and each subject&apos;s acts are numbered without a
        gap.
      </p>
    );
  }
  return (
    <div className="problem" role="alert">
      <p>
        <strong>The log is damaged.</strong> Tell whoever runs the service, now.
      </p>
      <ul>
        {!rootHolds && (
          <li>
            Its {entries} entries do not give the root that{" "}
            {signed ? "was signed" : "the service states"}.
          </li>
        )}
        {olderHolds === false && (
          <li>They do not give the root that this browser saw before.</li>
        )}
        {unreadable.map((index) => (
          <li key={index.toString()}>
            Leaf {index.toLocaleString("en-GB")} is no entry.
          </li>
        ))}
        {gaps.map((gap) => (
          <li key={gap.leafIndex.toString()}>
            <UntrustedLine text={gap.subject} />: act {gap.found} came where act{" "}
            {gap.expected} was due, in entry {gap.leafIndex.toLocaleString("en-GB")}.
          </li>
        ))}
      </ul>
    </div>
  );
}

function useLogRun(head: Checkpoint, older: Checkpoint | undefined, signed: boolean) {
  const { audit } = useClients();
  const [run, setRun] = useState<Run>({ state: "idle" });
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const start = async () => {
    controller.current?.abort();
    const { signal } = (controller.current = new AbortController());
    let done = 0n;
    setRun({ state: "running", done });
    try {
      const entries = allEntries(audit, head.size, signal);
      const findings = await verifyLog(entries, head, older, (now) => {
        done = now;
        if (!signal.aborted) setRun({ state: "running", done });
      });
      setRun({ state: "done", findings });
      const whole = signed ? "The log is whole" : "The signature was not verified";
      announce(isWhole(findings) ? whole : "The log is damaged", true);
    } catch (error) {
      setRun(signal.aborted ? { state: "stopped", done } : { state: "failed", error });
    }
  };
  return { run, start: () => void start(), stop: () => controller.current?.abort() };
}

interface VerifyLogProps {
  head: Checkpoint;
  older: Checkpoint | undefined;
  signed: boolean;
}

export function VerifyLog({ head, older, signed }: VerifyLogProps) {
  const { run, start, stop } = useLogRun(head, older, signed);
  const isRunning = run.state === "running";
  useCommands([
    {
      label: isRunning ? "Stop verifying the log" : "Verify the whole log",
      keys: "v",
      group: "Log",
      run: isRunning ? stop : start,
    },
  ]);
  const total = head.size.toLocaleString("en-GB");
  return (
    <section className="stack verify" aria-label="The whole log">
      <div className="row">
        <Button
          kind={isRunning ? "plain" : "primary"}
          shortcut="v"
          onClick={isRunning ? stop : start}
        >
          {isRunning ? "Stop" : "Verify the whole log"}
        </Button>
        {isRunning && (
          <>
            <progress
              max={Number(head.size)}
              value={Number(run.done)}
              aria-label="Entries that were hashed"
            />
            <span>
              {run.done.toLocaleString("en-GB")} of {total}
            </span>
          </>
        )}
      </div>
      {run.state === "stopped" && (
        <p role="status">
          Stopped after {run.done.toLocaleString("en-GB")} of {total} entries. Nothing is
          known of the rest.
        </p>
      )}
      {run.state === "failed" && <ProblemNote error={run.error} onRetry={start} />}
      {run.state === "done" && <Findings findings={run.findings} signed={signed} />}
    </section>
  );
}
