// What seniors do about a reporter: for a time their unproven reports wait.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClients } from "../../api/clients";
import { now } from "../../api/clock";
import { announce } from "../../app/announce";
import { Confirmed } from "../../parts/confirmed";
import { Field } from "../../parts/field";
import { ProblemNote } from "../../parts/problem-note";

const DAY = 86_400_000;
/** Thirty days are the most, and the way there takes a moment. */
const LENGTHS = [
  [DAY, "1 day"],
  [7 * DAY, "7 days"],
  [14 * DAY, "14 days"],
  [29 * DAY, "29 days"],
] as const;

/** Tells whoever shows the reporter, or who is muted. */
function useReload(reporterUri: string) {
  const queries = useQueryClient();
  return (words: string) => {
    announce(words);
    void queries.invalidateQueries({ queryKey: ["reporter", reporterUri] });
    void queries.invalidateQueries({ queryKey: ["mutes"] });
  };
}

/** Mutes a reporter for a time that is asked for. */
export function MuteReporter({ reporterUri }: { reporterUri: string }) {
  const { reporters } = useClients();
  const reload = useReload(reporterUri);
  const [length, setLength] = useState<number>(7 * DAY);
  const mute = useMutation({
    mutationFn: () =>
      reporters.muteReporter({ reporterUri, until: BigInt(now() + length) }),
    onSuccess: () => reload("The reporter is muted."),
  });
  return (
    <>
      <Confirmed
        label="Mute"
        kind="quiet"
        title="Mute the reporter?"
        busy={mute.isPending}
        onConfirm={() => mute.mutate()}
      >
        <p>
          Their reports that prove nothing wait until the mute ends. What proves
          something, or says that a life or a child is at risk, does not wait.
        </p>
        <Field label="For">
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={length}
              onChange={(event) => setLength(Number(event.target.value))}
            >
              {LENGTHS.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
      </Confirmed>
      <ProblemNote error={mute.error} />
    </>
  );
}

/** Ends a mute; what waited goes into the queue. */
export function EndMute({ reporterUri }: { reporterUri: string }) {
  const { reporters } = useClients();
  const reload = useReload(reporterUri);
  const end = useMutation({
    mutationFn: () => reporters.unmuteReporter({ reporterUri }),
    onSuccess: () => reload("The mute has ended; what waited goes into the queue."),
  });
  return (
    <>
      <Confirmed
        label="End the mute"
        kind="quiet"
        title="End the mute?"
        busy={end.isPending}
        onConfirm={() => end.mutate()}
      >
        <p>What waited goes into the queue, and so does what they report from now on.</p>
      </Confirmed>
      <ProblemNote error={end.error} />
    </>
  );
}

/** Sends what waits into the queue; the mute goes on. */
export function ReleaseReports({ reporterUri }: { reporterUri: string }) {
  const { reporters } = useClients();
  const reload = useReload(reporterUri);
  const release = useMutation({
    mutationFn: () => reporters.releaseReports({ reporterUri }),
    onSuccess: () => reload("What waited goes into the queue; the mute goes on."),
  });
  return (
    <>
      <Confirmed
        label="Let through what waits"
        kind="quiet"
        title="Let through what waits?"
        busy={release.isPending}
        onConfirm={() => release.mutate()}
      >
        <p>It goes into the queue. The mute goes on for what they report from now on.</p>
      </Confirmed>
      <ProblemNote error={release.error} />
    </>
  );
}
