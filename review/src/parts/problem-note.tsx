import { problemOf } from "../api/problems";
import { Button } from "./button";
import { duration } from "./time";

interface ProblemNoteProps {
  error: unknown;
  /** Offers to try again. */
  onRetry?: (() => void) | undefined;
}

/** A refusal or failure, where it happened, in words. Nothing for no error. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  if (error === null || error === undefined) return null;
  const problem = problemOf(error);
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{problem.title}.</strong> {problem.advice}
        {problem.retryAfterMs > 0 &&
          ` It helps to wait ${duration(problem.retryAfterMs)}.`}
      </p>
      {problem.fields.length > 0 && (
        <ul>
          {problem.fields.map(({ field, rule }) => (
            <li key={field}>
              <code>{field}</code> {rule}
            </li>
          ))}
        </ul>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
