import { useRef, useState, type FormEvent } from "react";
import { CaseState, ProofStatus, Severity } from "#gen/frank/v1/review_pb";
import { useSelf } from "../../api/self";
import { useReasons } from "../../api/tables";
import { CASE_STATE, PROOF, SEVERITY } from "../../api/words";
import { useCommands } from "../../app/keys";
import { go, href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { Key } from "../../parts/key";
import { UntrustedLine } from "../../parts/untrusted-text";
import { DUE_CHOICES, ORDER_CHOICES, parseSearch } from "./case-filter";
import { personalIn, saveView } from "./views";

interface ChoiceProps {
  label: string;
  name: string;
  any: string;
  options: [value: string, label: string][];
  query: URLSearchParams;
}

// Takes all values of a field off; no value of one.
const ANY = "*";

function show(query: URLSearchParams): void {
  go(href(`queue?${query.toString()}`));
}

/** A field of which the service takes several values: one chosen again is taken off. */
function Choices({ label, name, any, options, query }: ChoiceProps) {
  const chosen = query.getAll(name);
  const words = options.filter(([value]) => chosen.includes(value));
  return (
    <label className="choice">
      <span>{label}</span>
      <select
        className="select"
        value=""
        onChange={(event) => {
          const { value } = event.target;
          const next = new URLSearchParams(query);
          if (value === ANY) next.delete(name);
          else if (chosen.includes(value)) next.delete(name, value);
          else next.append(name, value);
          show(next);
        }}
      >
        <option value="" hidden>
          {words.map(([, text]) => text).join(", ") || any}
        </option>
        {chosen.length > 0 && <option value={ANY}>{any}</option>}
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {chosen.includes(value) ? `✓ ${text}` : text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A field of one value. */
function Choice({ label, name, any, options, query }: ChoiceProps) {
  return (
    <label className="choice">
      <span>{label}</span>
      <select
        className="select"
        value={query.get(name) ?? ""}
        onChange={(event) => {
          const next = new URLSearchParams(query);
          next.delete(name);
          if (event.target.value) next.set(name, event.target.value);
          show(next);
        }}
      >
        <option value="">{any}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function enumOptions(of: Record<number, string>, values: number[]): [string, string][] {
  return values.map((value) => [value.toString(), of[value] ?? ""]);
}

const LISTED_STATES = [
  CaseState.OPEN,
  CaseState.ON_HOLD,
  CaseState.AWAITING_APPROVAL,
  CaseState.APPEALED,
  CaseState.DECIDED,
  CaseState.DUPLICATE,
  CaseState.SHREDDED,
];

function SearchLine({ query }: { query: URLSearchParams }) {
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useCommands([
    { label: "Search", keys: "/", group: "List", run: () => input.current?.focus() },
  ]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = parseSearch(text);
    if (!found) return;
    setText("");
    if (found.kind === "case") {
      go(href("case", found.id));
      return;
    }
    const next = new URLSearchParams(query);
    next.set(found.name, found.value);
    show(next);
  };
  return (
    <form role="search" onSubmit={submit} className="search">
      <input
        ref={input}
        className="input"
        type="search"
        aria-label="Search: case id, account, reporter:…, #tag, @moderator, or words of notes"
        placeholder="Case id, account, reporter:…, #tag, @moderator, words of notes"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <Key keys="/" />
    </form>
  );
}

const LOOKED_UP = {
  accused: "accused",
  reporter: "reported by",
  moderator: "moderator",
  tag: "tag",
  words: "notes with",
} as const;

/** What was searched for, each to be taken off. */
function LookedUp({ query }: { query: URLSearchParams }) {
  const names = Object.keys(LOOKED_UP).filter((name) =>
    query.get(name),
  ) as (keyof typeof LOOKED_UP)[];
  return names.map((name) => (
    <button
      key={name}
      type="button"
      className="badge accent chip"
      aria-label={`Take off: ${LOOKED_UP[name]} ${query.get(name) ?? ""}`}
      onClick={() => {
        const next = new URLSearchParams(query);
        next.delete(name);
        show(next);
      }}
    >
      {LOOKED_UP[name]} <UntrustedLine text={query.get(name) ?? ""} /> ×
    </button>
  ));
}

function SaveView({ query }: { query: URLSearchParams }) {
  const self = useSelf();
  const [name, setName] = useState<string>();
  const personal = personalIn(query).map((field) => LOOKED_UP[field]);
  if (personal.length > 0) {
    return (
      <>
        <Button kind="quiet" aria-disabled aria-describedby="no-view">
          Save view
        </Button>
        <span className="hint" id="no-view">
          A view keeps no &quot;{personal.join(", ")}&quot;: it names a person.
        </span>
      </>
    );
  }
  if (name === undefined) {
    return (
      <Button kind="quiet" onClick={() => setName("")}>
        Save view
      </Button>
    );
  }
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) saveView(self.id, name.trim(), query);
        setName(undefined);
      }}
    >
      <input
        className="input save-name"
        aria-label="Name of the view"
        placeholder="Name, then ↵"
        maxLength={40}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
    </form>
  );
}

export function FilterBar({ query }: { query: URLSearchParams }) {
  const table = useReasons();
  const reasons = table.all.map(({ key, title }): [string, string] => [key, title]);
  const areas = [...new Set(table.all.map(({ policyArea }) => policyArea))]
    .filter((area) => area !== "")
    .map((area): [string, string] => [area, area.replaceAll("_", " ")]);
  const due = Object.entries(DUE_CHOICES).map(([k, c]): [string, string] => [k, c.label]);
  const orders = Object.entries(ORDER_CHOICES)
    .filter(([k]) => k !== "priority")
    .map(([k, c]): [string, string] => [k, c.label]);
  const severities = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW];
  const proofs = [
    ProofStatus.PROVEN,
    ProofStatus.UNPROVEN,
    ProofStatus.FORGED,
    ProofStatus.UNOPENABLE,
  ];
  return (
    <div className="filter-bar">
      <SearchLine query={query} />
      <Asked query={table.query} what="Reading the reasons" />
      <div className="choices">
        <Choices
          {...{ query }}
          label="State"
          name="state"
          any="open"
          options={enumOptions(CASE_STATE, LISTED_STATES)}
        />
        <Choices
          {...{ query }}
          label="Severity"
          name="severity"
          any="any"
          options={enumOptions(SEVERITY, severities)}
        />
        <Choices
          {...{ query }}
          label="Reported as"
          name="reason"
          any="anything"
          options={reasons}
        />
        <Choices {...{ query }} label="Area" name="area" any="any" options={areas} />
        <Choices
          {...{ query }}
          label="Proof"
          name="proof"
          any="any"
          options={enumOptions(PROOF, proofs)}
        />
        <Choice {...{ query }} label="Due" name="due" any="any time" options={due} />
        <Choice
          {...{ query }}
          label="Order"
          name="order"
          any="next first"
          options={orders}
        />
        <LookedUp query={query} />
        {query.toString() !== "" && (
          <>
            <Button kind="quiet" onClick={() => show(new URLSearchParams())}>
              Clear
            </Button>
            <SaveView query={query} />
          </>
        )}
      </div>
    </div>
  );
}
