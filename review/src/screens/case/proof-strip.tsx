import { useState } from "react";
import { ProofStatus, type GetCaseResponse } from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { announce } from "../../app/announce";
import { useCommands } from "../../app/keys";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { proofTone } from "../../parts/proof-badge";
import { Moment, moment } from "../../parts/time";
import { inTitle, UntrustedLine } from "../../parts/untrusted-text";
import type { People } from "./people";
import {
  countProof,
  distinctVerdicts,
  proofJson,
  proofSentence,
  verdictWords,
} from "./proof";

const FORMS = ["no signature", "a signature each", "a signature a batch"];

const HEADINGS: Record<ProofStatus, string> = {
  [ProofStatus.UNSPECIFIED]: "NOT CHECKED",
  [ProofStatus.PROVEN]: "PROVEN",
  [ProofStatus.UNPROVEN]: "UNVERIFIABLE",
  [ProofStatus.FORGED]: "FORGED",
  [ProofStatus.UNOPENABLE]: "CANNOT BE OPENED",
};

function Checks({ shown, people }: { shown: GetCaseResponse; people: People }) {
  return (
    <div className="checks">
      <table className="table">
        <caption>
          As moderation recomputed it from what the reporters sealed and the
          platform&apos;s keys
        </caption>
        <thead>
          <tr>
            <th scope="col">Tag</th>
            <th scope="col">Verdict</th>
            <th scope="col">Sender</th>
            <th scope="col">Room</th>
            <th scope="col">Accepted at</th>
            <th scope="col">Key window</th>
            <th scope="col">Stamp</th>
          </tr>
        </thead>
        <tbody>
          {distinctVerdicts(shown.report).map((m, i) => (
            <tr key={i}>
              <td className="mono" title={toHex(m.frankingTag)}>
                {toHex(m.frankingTag).slice(0, 16) || "none"}
              </td>
              <td>
                {verdictWords(m.verdict)}
                {m.detail && <div className="faint">{m.detail}</div>}
              </td>
              <td title={inTitle(m.senderUri)}>{people.roleOf(m.senderUri)}</td>
              <td title={inTitle(m.roomUri)}>{people.roomOf(m.roomUri)}</td>
              <td>
                <Moment at={m.acceptedTimestamp} />
              </td>
              <td>
                {m.windowNotAfter > 0n
                  ? `${moment(Number(m.windowNotBefore))} to ${moment(Number(m.windowNotAfter))}`
                  : "unknown"}
              </td>
              <td>{FORMS[m.form] ?? "unknown"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <details>
        <summary>Whole tags and addresses</summary>
        <ul className="mono long">
          {distinctVerdicts(shown.report).map((m, i) => (
            <li key={i}>
              {toHex(m.frankingTag)} <UntrustedLine text={m.senderUri} />{" "}
              <UntrustedLine text={m.roomUri} />
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** What is proven, in words; opens to the values; copies as JSON. */
export function ProofStrip({
  shown,
  people,
}: {
  shown: GetCaseResponse;
  people: People;
}) {
  const [open, setOpen] = useState(false);
  const proof = shown.caseSummary?.proof ?? ProofStatus.UNSPECIFIED;
  const copy = () => {
    void navigator.clipboard.writeText(proofJson(shown)).then(
      () => announce("The checks were copied as JSON."),
      () => announce("The browser did not allow copying.", true),
    );
  };
  const toggle = () => setOpen(!open);
  useCommands([
    { label: "Open or close the checks", keys: "p", group: "Case", run: toggle },
    { label: "Copy the checks as JSON", group: "Case", run: copy },
  ]);
  const accused = shown.caseSummary?.accusedUri ?? "";
  const count = countProof(shown.report, accused, shown.leftOutReportCount);
  return (
    <section className={`proof ${proofTone(proof)}`} aria-label="What is proven">
      <div className="proof-line">
        <Badge tone={proofTone(proof)}>{HEADINGS[proof]}</Badge>
        <p>{proofSentence(count)}</p>
        {shown.caseSummary?.clearMismatch && (
          <Badge tone="grave">
            the platform&apos;s copy of a stamp differs: tell the operator
          </Badge>
        )}
        <span className="proof-end">
          <Button kind="quiet" shortcut="p" aria-expanded={open} onClick={toggle}>
            Checks
          </Button>
          <Button kind="quiet" onClick={copy}>
            Copy JSON
          </Button>
        </span>
      </div>
      {open && <Checks shown={shown} people={people} />}
    </section>
  );
}
