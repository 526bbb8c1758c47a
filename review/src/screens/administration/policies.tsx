import { useQuery } from "@tanstack/react-query";
import {
  ActionKind,
  type DecisionReason,
  type LadderStep,
  type ListPoliciesResponse,
  type Policy,
} from "#gen/frank/v1/decision_pb";
import { useClients } from "../../api/clients";
import { ACTION } from "../../api/words";
import { go, href, usePlace } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Badge } from "../../parts/badge";
import { roughly } from "../../parts/time";
import { UntrustedText } from "../../parts/untrusted-text";

interface VersionChoiceProps {
  tab: string;
  /** The one that is shown, and the newest. */
  shown: number;
  newest: number;
}

/** Chooses among the versions 1 to the newest; the choice is in the address. */
export function VersionChoice({ tab, shown, newest }: VersionChoiceProps) {
  const versions = Array.from({ length: newest }, (_, i) => newest - i);
  return (
    <label className="row">
      <span>Version</span>
      <select
        className="select short"
        value={shown}
        onChange={(event) => {
          const chosen = event.target.value;
          const isNewest = chosen === newest.toString();
          go(href("administration", isNewest ? tab : `${tab}?version=${chosen}`));
        }}
      >
        {versions.map((version) => (
          <option key={version} value={version}>
            {version}
            {version === newest ? ", in force" : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The version that the address names; 0: the one in force. */
export function useVersion(): number {
  const version = Number(usePlace().query.get("version") ?? "0");
  return Number.isInteger(version) && version > 0 ? version : 0;
}

function PolicyItem({ policy }: { policy: Policy }) {
  const depth = policy.policy.split(".").length - 1;
  const Heading = policy.heading ? "h3" : "h4";
  return (
    <li
      className="policy"
      style={{ marginInlineStart: `${(1.5 * depth).toString()}rem` }}
    >
      <div className="row">
        <Heading>{policy.title}</Heading>
        <code>{policy.policy}</code>
        {policy.strikeWeight > 0 && <Badge>strike weight {policy.strikeWeight}</Badge>}
        {policy.secondPerson && <Badge tone="accent">second person</Badge>}
      </div>
      <UntrustedText text={policy.text} />
    </li>
  );
}

export function stepInWords(step: LadderStep): string {
  if (step.kind === ActionKind.WARN) return ACTION[step.kind];
  const length =
    step.durationMs === 0n
      ? "until further notice"
      : `for ${roughly(Number(step.durationMs))}`;
  const rate =
    step.messagesAnHour > 0
      ? ` to ${step.messagesAnHour.toString()} messages an hour`
      : "";
  return `${ACTION[step.kind]}${rate}, ${length}`;
}

function Reasons({ title, reasons }: { title: string; reasons: DecisionReason[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {reasons.map((reason) => (
          <li key={reason.reason} className="row">
            {reason.title} <code>{reason.reason}</code>
            {reason.secondPerson && <Badge tone="accent">second person</Badge>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Book({ book }: { book: ListPoliciesResponse }) {
  return (
    <div className="two-columns">
      <ul className="policies">
        {book.policy.map((policy) => (
          <PolicyItem key={policy.policy} policy={policy} />
        ))}
      </ul>
      <div className="stack">
        <section>
          <h3>What strikes lead to</h3>
          {book.ladder.length === 0 && <p className="faint">Nothing.</p>}
          <ol>
            {book.ladder.map((step) => (
              <li key={step.strikeCount}>
                From {step.strikeCount} on: {stepInWords(step)}
              </li>
            ))}
          </ol>
          <p className="hint">
            Strikes count for {roughly(Number(book.strikeLifetimeMs))}.
          </p>
        </section>
        <Reasons title="Reasons to act" reasons={book.actionReason} />
        <Reasons title="Reasons not to act" reasons={book.noActionReason} />
      </div>
    </div>
  );
}

export function Policies() {
  const { decisions } = useClients();
  const version = useVersion();
  const ask = (of: number) => ({
    queryKey: ["policies", of],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      decisions.listPolicies({ version: of }, { signal }),
  });
  const newest = useQuery(ask(0));
  const book = useQuery(ask(version));
  return (
    <div className="stack">
      <div className="row spread">
        <h2>Policies</h2>
        {newest.data && (
          <VersionChoice
            tab="policies"
            shown={version || newest.data.version}
            newest={newest.data.version}
          />
        )}
      </div>
      <Asked query={book} what="Reading the policies" />
      {book.data?.policy.length === 0 && (
        <p className="faint">This version has no policy.</p>
      )}
      {book.data && <Book book={book.data} />}
    </div>
  );
}
