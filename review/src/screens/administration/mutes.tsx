// Reporters whose reports wait, and until when.
import { useQuery } from "@tanstack/react-query";
import type { Mute } from "#gen/frank/v1/reporters_pb";
import { useClients } from "../../api/clients";
import { useSelf } from "../../api/self";
import { can } from "../../app/capabilities";
import { Asked } from "../../parts/asked";
import { Moment } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { EndMute, ReleaseReports } from "../case/mute";
import { allPages } from "../dashboards/queries";

function useMutes() {
  const { reporters } = useClients();
  return useQuery({
    queryKey: ["mutes"],
    queryFn: ({ signal }) =>
      allPages<Mute, string>("", async (pageToken) => {
        const page = await reporters.listMutes({ pageSize: 200, pageToken }, { signal });
        return { items: page.mute, next: page.nextPageToken };
      }),
  });
}

function Row({ mute, mayEnd }: { mute: Mute; mayEnd: boolean }) {
  const { reporterUri } = mute;
  return (
    <tr>
      <th scope="row">
        <UntrustedLine text={reporterUri} />
      </th>
      <td>
        <Moment at={mute.until} />
      </td>
      <td>{mute.mutedBy}</td>
      <td className="number">
        {mute.heldCount}
        {mute.moreHeld && " or more"}
      </td>
      {mayEnd && (
        <td>
          {mute.heldCount > 0 && <ReleaseReports reporterUri={reporterUri} />}
          <EndMute reporterUri={reporterUri} />
        </td>
      )}
    </tr>
  );
}

export function Mutes() {
  const self = useSelf();
  const query = useMutes();
  const rows = query.data ?? [];
  const mayEnd = can(self, "muteReporters");
  return (
    <div className="stack">
      <h2>Muted reporters</h2>
      <p className="hint">
        Their reports are judged as ever; those that prove nothing wait until the mute
        ends. Seniors mute in a case, at its reporters.
      </p>
      <Asked query={query} what="Listing mutes" />
      {query.isSuccess && rows.length === 0 && <p className="faint">Nobody is muted.</p>}
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Reporter</th>
              <th scope="col">Until</th>
              <th scope="col">Muted by</th>
              <th scope="col" className="number">
                Reports that wait
              </th>
              {mayEnd && <th scope="col">Change</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((mute) => (
              <Row key={mute.reporterUri} mute={mute} mayEnd={mayEnd} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
