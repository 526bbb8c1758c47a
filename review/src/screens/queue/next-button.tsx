import { now } from "../../api/clock";
import { useQueues, useReasons } from "../../api/tables";
import { PROOF, SEVERITY } from "../../api/words";
import { useCommands } from "../../app/keys";
import { Button } from "../../parts/button";
import { DUE_CHOICES, filterOf } from "./case-filter";
import { useClaimNext } from "./claim-next";
import { NextOutcome } from "./next-outcome";

/** What the list is narrowed by and the next case is not. */
const LIST_ALONE = {
  state: "the state",
  accused: "the account",
  reporter: "the reporter",
  moderator: "the moderator",
  tag: "the tag",
  words: "the words",
} as const;

/** Which fields of the filter say nothing of the next case, in words. */
export function ignoredOf(query: URLSearchParams): string[] {
  return Object.entries(LIST_ALONE)
    .filter(([name]) => query.has(name))
    .map(([, words]) => words);
}

/** "Deception, critical, due within 1 h"; empty: of everything. */
function useFromWords(query: URLSearchParams): string {
  const queues = useQueues();
  const reasons = useReasons();
  const filter = filterOf(query, 0);
  const due = DUE_CHOICES[query.get("due") ?? ""]?.label;
  return [
    ...filter.queue.map(queues.titleOf),
    ...filter.reason.map(reasons.titleOf),
    ...filter.policyArea.map((area) => area.replaceAll("_", " ")),
    ...filter.severity.map((severity) => SEVERITY[severity]),
    ...filter.proof.map((proof) => PROOF[proof]),
    ...(due === undefined ? [] : [due === "overdue" ? due : `due ${due}`]),
  ].join(", ");
}

/** Takes the next case of what the filter lets through, and says of what. */
export function NextButton({ query }: { query: URLSearchParams }) {
  const next = useClaimNext(() => filterOf(query, now()));
  const from = useFromWords(query);
  const ignored = ignoredOf(query);
  const run = () => {
    if (!next.isPending) next.mutate();
  };
  const label = from === "" ? "Take the next case" : `Take the next of ${from}`;
  useCommands([{ label, keys: "n", group: "Work", run }]);
  return (
    <div className="next">
      <Button kind="primary" shortcut="n" busy={next.isPending} onClick={run}>
        {label}
      </Button>
      {ignored.length > 0 && (
        <p className="hint">For the list alone: {ignored.join(", ")}.</p>
      )}
      <NextOutcome next={next} />
    </div>
  );
}
