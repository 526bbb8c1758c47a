import type { Decision } from "#gen/frank/v1/decision_pb";
import { useActs } from "../../api/acts";
import { toHex } from "../../api/ids";
import { ProblemNote } from "../../parts/problem-note";
import { lookedAt, lookedAtWords } from "./looked-at";
import { useCaseRecord } from "./use-case";

function OfCase({
  id,
  moderator,
  name,
}: {
  id: string;
  moderator: string;
  name: string;
}) {
  const record = useCaseRecord(id);
  const acts = useActs(id, record.data?.caseSummary?.revision);
  const error = record.error ?? acts.error;
  if (error) return <ProblemNote error={error} />;
  if (!record.data || !acts.data) {
    return <p className="faint">Reading in the log what they looked at …</p>;
  }
  const seen = lookedAt(acts.data, record.data, moderator);
  if (!seen) return null;
  return (
    <p className={seen.joined ? "notice" : undefined}>
      {name}
      {lookedAtWords(moderator, seen)}
      {record.data.nextPageToken !== "" && " Of the evidence that is loaded here."}
    </p>
  );
}

/** What the first person had looked at, case by case, as the log says. */
export function FirstLook({ decision }: { decision: Decision }) {
  const ids = decision.caseId.map(toHex);
  return ids.map((id) => (
    <OfCase
      key={id}
      id={id}
      moderator={decision.moderator}
      name={ids.length > 1 ? `Case ${id.slice(0, 8)}: ` : ""}
    />
  ));
}
