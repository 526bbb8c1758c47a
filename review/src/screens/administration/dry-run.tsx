// What other routing rules would have done with past cases. Changes nothing.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { DryRunRoutingResponse, RoutingRule } from "#gen/frank/v1/configuration_pb";
import { useClients } from "../../api/clients";
import { now } from "../../api/clock";
import { shortId } from "../../api/ids";
import { useReasons } from "../../api/tables";
import { useCommands } from "../../app/keys";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { ProblemNote } from "../../parts/problem-note";
import { RuleForm } from "./rule-form";
import { addPages, exampleIds, moved, newRule, type DryRun } from "./rules";

const DAY = 86_400_000;
const SPANS = {
  "7": "the last 7 days",
  "30": "the last 30 days",
  "365": "the last year",
};

interface QueueName {
  name: string;
  title: string;
}

function useDryRun() {
  const { configuration } = useClients();
  return useMutation({
    mutationFn: async (input: { rules: RoutingRule[]; days: number }) => {
      const openedUntil = BigInt(now());
      const openedFrom = openedUntil - BigInt(input.days * DAY);
      const pages: DryRunRoutingResponse[] = [];
      let pageToken = "";
      do {
        const request = { rule: input.rules, openedFrom, openedUntil, pageToken };
        const page = await configuration.dryRunRouting(request);
        pages.push(page);
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      return addPages(pages);
    },
  });
}

function Outcome({ run, queues }: { run: DryRun; queues: QueueName[] }) {
  const titleOf = (name: string) => queues.find((q) => q.name === name)?.title ?? name;
  if (run.caseCount === 0) {
    return <p role="status">No case was opened in this time.</p>;
  }
  const movedCount = run.pairs
    .filter(({ queueNow, queueProposed }) => queueNow !== queueProposed)
    .reduce((sum, { caseCount }) => sum + caseCount, 0);
  return (
    <>
      <p role="status">
        {movedCount === 0
          ? `All ${run.caseCount.toLocaleString("en-GB")} cases stay where they are.`
          : `${movedCount.toLocaleString("en-GB")} of ${run.caseCount.toLocaleString("en-GB")} cases would go elsewhere.`}
      </p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From, as it is</th>
            <th scope="col">To, as proposed</th>
            <th scope="col" className="number">
              Cases
            </th>
            <th scope="col">The oldest of them</th>
          </tr>
        </thead>
        <tbody>
          {run.pairs.map((pair) => (
            <tr key={`${pair.queueNow} ${pair.queueProposed}`}>
              <th scope="row">{titleOf(pair.queueNow)}</th>
              <td>
                {pair.queueNow === pair.queueProposed ? (
                  <span className="faint">stays</span>
                ) : (
                  `→ ${titleOf(pair.queueProposed)}`
                )}
              </td>
              <td className="number">{pair.caseCount.toLocaleString("en-GB")}</td>
              <td>
                {exampleIds(pair)
                  .slice(0, 6)
                  .map((id) => (
                    <a key={id} className="mono example" href={href("case", id)}>
                      {shortId(id)}
                    </a>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface DryRunFormProps {
  inForce: RoutingRule[];
  queues: QueueName[];
}

export function DryRunForm({ inForce, queues }: DryRunFormProps) {
  const [rules, setRules] = useState(inForce);
  const [days, setDays] = useState("30");
  const run = useDryRun();
  const table = useReasons();
  const reasons = table.all.map(({ key, title }) => ({ name: key, title }));
  const start = () => {
    if (!run.isPending) run.mutate({ rules, days: Number(days) });
  };
  const add = () => setRules([...rules, newRule(queues[0]?.name ?? "")]);
  const group = "Administration";
  useCommands([
    { label: "Try the proposed rules", keys: "t", group, run: start },
    { label: "Add a proposed rule", keys: "+", group, run: add },
  ]);
  return (
    <section className="stack" aria-label="Dry run">
      <h3>Try other rules on past cases</h3>
      <p className="hint">
        The rules in force are filled in. Nothing changes by this: rules stand in the
        configuration of the server.
      </p>
      <Asked query={table.query} what="Reading the reasons" />
      {rules.length === 0 && (
        <p className="faint">No rule: only the queues of the reasons decide.</p>
      )}
      {rules.map((rule, i) => (
        <RuleForm
          key={i}
          index={i}
          {...{ rule, queues, reasons }}
          onChange={(next) => setRules(rules.map((one, j) => (j === i ? next : one)))}
          onMove={(by) => setRules(moved(rules, i, by))}
          onRemove={() => setRules(rules.filter((_, j) => j !== i))}
        />
      ))}
      <div className="row">
        <Button shortcut="+" onClick={add}>
          Add a rule
        </Button>
        <Button kind="quiet" onClick={() => setRules(inForce)}>
          As in force
        </Button>
        <label className="row">
          <span>Cases of</span>
          <select
            className="select"
            value={days}
            onChange={(event) => setDays(event.target.value)}
          >
            {Object.entries(SPANS).map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <Button kind="primary" shortcut="t" busy={run.isPending} onClick={start}>
          Try
        </Button>
      </div>
      <ProblemNote error={run.error} onRetry={start} />
      {run.data && <Outcome run={run.data} queues={queues} />}
    </section>
  );
}
