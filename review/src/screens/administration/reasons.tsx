import { useQuery } from "@tanstack/react-query";
import type { ListReasonsResponse_Reason as Reason } from "#gen/frank/v1/reason_pb";
import { useClients } from "../../api/clients";
import { useQueues } from "../../api/tables";
import { EXPOSURE, SEVERITY } from "../../api/words";
import { Asked } from "../../parts/asked";
import { Bars } from "../../parts/badge";
import { roughly } from "../../parts/time";
import { useVersion, VersionChoice } from "./policies";

const COLUMNS = ["Reason", "Severity", "Decide within", "Queue", "Counts as", "Also"];

function also({ needsSecondPerson, trustedUnproven }: Reason): string {
  return [
    ...(needsSecondPerson ? ["second person"] : []),
    ...(trustedUnproven ? ["needs no proof to be grave"] : []),
  ].join(", ");
}

function Row({ reason, queue }: { reason: Reason; queue: string }) {
  return (
    <tr>
      <th scope="row">
        {reason.title} <code className="faint">{reason.key}</code>
      </th>
      <td>
        <Bars level={reason.severity} words={SEVERITY[reason.severity]} />
      </td>
      <td>{roughly(Number(reason.timeToDecide))}</td>
      <td>{queue}</td>
      <td>{EXPOSURE[reason.exposure]}</td>
      <td>{also(reason)}</td>
    </tr>
  );
}

export function Reasons() {
  const { reasons } = useClients();
  const { titleOf } = useQueues();
  const version = useVersion();
  const ask = (of: number) => ({
    queryKey: ["reasons", "version", of],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      reasons.listReasons({ version: of }, { signal }),
  });
  const newest = useQuery(ask(0));
  const table = useQuery(ask(version));
  return (
    <div className="stack">
      <div className="row spread">
        <h2>Reasons of reports</h2>
        {newest.data && (
          <VersionChoice
            tab="reasons"
            shown={version || newest.data.version}
            newest={newest.data.version}
          />
        )}
      </div>
      <Asked query={table} what="Reading the reasons" />
      {table.data?.reason.length === 0 && (
        <p className="faint">This version has no reason.</p>
      )}
      {table.data && table.data.reason.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.data.reason.map((reason) => (
              <Row key={reason.key} reason={reason} queue={titleOf(reason.queue)} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
