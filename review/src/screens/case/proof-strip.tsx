import { Fragment, useState } from "react";
import {
  ProofStatus,
  type GetCaseResponse,
  type MessageVerdict,
} from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { announce } from "../../app/announce";
import { useCommands } from "../../app/keys";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Hex } from "../../parts/hex";
import { proofTone } from "../../parts/proof-badge";
import { Moment, moment } from "../../parts/time";
import { inTitle, UntrustedLine } from "../../parts/untrusted-text";
import { batchWords, frankOf, frankValues, recomputedWords } from "./frank";
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

interface CheckProps {
  shown: GetCaseResponse;
  people: People;
  message: MessageVerdict;
}

function CheckRow({ shown, people, message }: CheckProps) {
  const frank = frankOf(shown, message);
  const recomputed = recomputedWords(message.verdict);
  const tag = toHex(message.frankingTag);
  return (
    <tr>
      <td>
        {tag ? <Hex hex={tag} digits={16} what="the tag" /> : "none"}
        <div className="faint">{recomputed.tag}</div>
      </td>
      <td>
        {verdictWords(message.verdict)}
        {message.detail && <div className="faint">{message.detail}</div>}
      </td>
      <td title={inTitle(message.senderUri)}>{people.roleOf(message.senderUri)}</td>
      <td title={inTitle(message.roomUri)}>{people.roomOf(message.roomUri)}</td>
      <td>
        <Moment at={message.acceptedTimestamp} />
      </td>
      <td>
        {message.windowNotAfter > 0n
          ? `${moment(Number(message.windowNotBefore))} to ${moment(Number(message.windowNotAfter))}`
          : "unknown"}
      </td>
      <td>
        {frank && (
          <Hex hex={toHex(frank.serverFrank)} digits={16} what="the stamp's MAC" />
        )}
        <div className="faint">{recomputed.stamp}</div>
        <div>
          {FORMS[message.form] ?? "unknown"}
          {frank && batchWords(frank) && `, ${batchWords(frank)}`}
        </div>
      </td>
    </tr>
  );
}

/** What is too long for a table. */
function WholeValues({ shown, message }: Omit<CheckProps, "people">) {
  const frank = frankOf(shown, message);
  return (
    <li>
      <span className="mono">{toHex(message.frankingTag) || "no tag"}</span>{" "}
      <UntrustedLine text={message.senderUri} /> <UntrustedLine text={message.roomUri} />
      {frank && (
        <dl className="facts">
          <dt>cipher suite</dt>
          <dd className="mono">0x{frank.ciphersuite.toString(16).padStart(4, "0")}</dd>
          {frankValues(frank).map(([name, hex]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd className="mono">{hex}</dd>
            </Fragment>
          ))}
        </dl>
      )}
    </li>
  );
}

function Checks({ shown, people }: { shown: GetCaseResponse; people: People }) {
  const messages = distinctVerdicts(shown.report);
  return (
    <div className="checks">
      <table className="table">
        <caption>
          As moderation recomputed it from what the reporters sealed and the
          platform&apos;s keys. A stamp names no key and no number of its room: the window
          that holds its time says which key. The right stamp of what is forged is not
          told: whoever knows it could make one.
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
          {messages.map((message, i) => (
            <CheckRow key={i} {...{ shown, people, message }} />
          ))}
        </tbody>
      </table>
      <details>
        <summary>Whole tags, addresses and stamps</summary>
        <ul className="long">
          {messages.map((message, i) => (
            <WholeValues key={i} {...{ shown, message }} />
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
