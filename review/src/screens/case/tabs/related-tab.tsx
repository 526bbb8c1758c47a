import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import {
  CaseLinkKind,
  CaseState,
  type CaseSummary,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import { useClients } from "../../../api/clients";
import { fromHex, shortId, toHex } from "../../../api/ids";
import { useSelf } from "../../../api/self";
import { LINK } from "../../../api/words";
import { announce } from "../../../app/announce";
import { go, href } from "../../../app/router";
import { Asked } from "../../../parts/asked";
import { Button } from "../../../parts/button";
import { Dialog } from "../../../parts/dialog";
import { ProblemNote } from "../../../parts/problem-note";
import { Moment, ms, useIsPast } from "../../../parts/time";
import { ShowMore } from "../../../parts/show-more";
import { isAmong, MOST_OTHERS, useChooseOther, useTogether } from "../together";
import type { LeaseState } from "../use-case";
import { CaseLines } from "./accused-tab";

const TAKES_REPORTS = [CaseState.OPEN, CaseState.ON_HOLD, CaseState.AWAITING_APPROVAL];

interface RelatedTabProps {
  shown: GetCaseResponse;
  lease: LeaseState;
  reload: () => void;
}

function LinkForm({ caseId, reload }: { caseId: Uint8Array; reload: () => void }) {
  const { queues } = useClients();
  const [other, setOther] = useState("");
  const link = useMutation({
    mutationFn: (otherCaseId: Uint8Array) => queues.linkCases({ caseId, otherCaseId }),
    onSuccess: () => {
      setOther("");
      reload();
    },
  });
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const id = fromHex(other.trim());
        if (id?.length === 16) link.mutate(id);
        else announce("A case id has 32 digits of 0-9 and a-f.", true);
      }}
    >
      <input
        className="input mono case-id"
        aria-label="Id of the other case"
        placeholder="Id of another case"
        value={other}
        onChange={(event) => {
          setOther(event.target.value);
        }}
      />
      <Button type="submit" busy={link.isPending}>
        Link
      </Button>
      <ProblemNote error={link.error} />
    </form>
  );
}

/** All undecided cases of an account, page by page. */
function useSameAccount(accusedUri: string) {
  const { review } = useClients();
  return useInfiniteQuery({
    queryKey: ["same account", accusedUri],
    initialPageParam: "",
    queryFn: ({ pageParam: pageToken, signal }) =>
      review.listCases(
        { filter: { accusedUri, state: TAKES_REPORTS }, pageToken },
        { signal },
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    enabled: accusedUri !== "",
  });
}

/** Decides another open case with the one on the screen, or leaves it out. */
function Choose({ main, other }: { main: string; other: CaseSummary }) {
  const self = useSelf();
  const isOver = useIsPast(ms(other.lease?.expiresAt ?? 0n));
  const { others } = useTogether(main);
  const choose = useChooseOther(main);
  const holder = isOver ? "" : (other.lease?.holder ?? "");
  if (other.state !== CaseState.OPEN) return null;
  if (holder !== "" && holder !== self.id) return <span>{holder} holds it</span>;
  const isChosen = isAmong(others, other.caseId);
  const isFull = !isChosen && others.length >= MOST_OTHERS;
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={isChosen}
        disabled={choose.isPending || isFull}
        onChange={() => choose.mutate(toHex(other.caseId))}
      />
      <span>
        Decide <span className="unseen">case {shortId(other.caseId)}</span> too
      </span>
      <ProblemNote error={choose.error} />
    </label>
  );
}

/** Duplicates and links: what belongs together, and closing one into another. */
export function RelatedTab({ shown, lease, reload }: RelatedTabProps) {
  const { queues } = useClients();
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  const accusedUri = shown.caseSummary?.accusedUri ?? "";
  const same = useSameAccount(accusedUri);
  const [asked, setAsked] = useState<Uint8Array>();
  const close = useMutation({
    mutationFn: (intoCaseId: Uint8Array) =>
      queues.markDuplicate({ caseId, epoch: lease.epoch, intoCaseId }),
    onSuccess: ({ into }) => {
      setAsked(undefined);
      announce("Closed into the other case.");
      if (into) go(href("case", toHex(into.caseId)));
    },
  });
  const unlink = useMutation({
    mutationFn: (otherCaseId: Uint8Array) => queues.unlinkCases({ caseId, otherCaseId }),
    onSuccess: reload,
  });
  const others = (same.data?.pages ?? [])
    .flatMap(({ caseSummary }) => caseSummary)
    .filter((other) => toHex(other.caseId) !== toHex(caseId));
  return (
    <div className="tab-body">
      <h3>Undecided cases about the same account</h3>
      {lease.mine && others.length > 0 && (
        <p className="hint">
          What you decide here can be the answer to others of them too: look at them, and
          choose them. They are yours as long as this case is.
        </p>
      )}
      <Asked query={same} what="Listing their cases" />
      {(same.data ?? accusedUri === "") && (
        <CaseLines
          cases={others}
          empty="None."
          acts={
            lease.mine
              ? (other) => (
                  <>
                    <Choose main={toHex(caseId)} other={other} />
                    <Button kind="quiet" onClick={() => setAsked(other.caseId)}>
                      Close this case into {shortId(other.caseId)}
                    </Button>
                  </>
                )
              : undefined
          }
        />
      )}
      <ShowMore query={same} what="such cases" />
      {asked && (
        <Dialog open onClose={() => setAsked(undefined)} title="Close this case?">
          <p>It is closed into case {shortId(asked)}, which is decided for both.</p>
          <ProblemNote error={close.error} />
          <div className="dialog-actions">
            <Button onClick={() => setAsked(undefined)}>Leave it</Button>
            <Button
              kind="primary"
              busy={close.isPending}
              onClick={() => {
                if (!close.isPending) close.mutate(asked);
              }}
            >
              Close it
            </Button>
          </div>
        </Dialog>
      )}
      <h3>Links</h3>
      {shown.link.length === 0 && <p className="faint">None.</p>}
      <ul className="lines">
        {shown.link.map((link) => (
          <li key={toHex(link.caseId)} className="row">
            <a className="mono" href={href("case", toHex(link.caseId))}>
              {shortId(link.caseId)}
            </a>
            {LINK[link.kind]}, {link.moderator || "by the service"},{" "}
            <Moment at={link.linkedAt} />
            {link.kind === CaseLinkKind.RELATED && (
              <Button kind="quiet" onClick={() => unlink.mutate(link.caseId)}>
                Take back
              </Button>
            )}
          </li>
        ))}
      </ul>
      <LinkForm caseId={caseId} reload={reload} />
      <ProblemNote error={unlink.error} />
    </div>
  );
}
