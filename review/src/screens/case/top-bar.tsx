import * as Ariakit from "@ariakit/react";
import { useState } from "react";
import { CaseState, type CaseSummary } from "#gen/frank/v1/review_pb";
import { useClients } from "../../api/clients";
import { shortId, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { useQueues, useReasons } from "../../api/tables";
import { CASE_STATE, EXPOSURE, SEVERITY } from "../../api/words";
import { announce } from "../../app/announce";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { Badge, Bars } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Due } from "../../parts/due";
import { Key } from "../../parts/key";
import { countdown, useNow } from "../../parts/time";
import { ActDialog, type ActName } from "./case-acts";
import { SHORT_MS, useAttendants, useReloadCase, type LeaseState } from "./use-case";

function Attendants({ id }: { id: string }) {
  const others = useAttendants(id);
  if (others.length === 0) return null;
  const names = others.map(({ moderator }) => moderator).join(", ");
  return (
    <Badge tone="accent">
      {names} {others.length === 1 ? "is" : "are"} here too
    </Badge>
  );
}

function OwnLease({ endsAt }: { endsAt: number }) {
  const leftMs = endsAt - useNow();
  return (
    <span className={`lease ${leftMs < SHORT_MS ? "short" : ""}`}>
      Yours for <span className="clock">{countdown(leftMs)}</span>
      <span className="faint">, kept while you work</span>
    </span>
  );
}

function LeaseClock({ lease }: { lease: LeaseState }) {
  if (lease.mine) return <OwnLease endsAt={lease.endsAt} />;
  if (lease.lapsed) return <Badge tone="grave">your lease has ended</Badge>;
  if (lease.holder) return <Badge tone="accent">held by {lease.holder}</Badge>;
  return <span className="faint">nobody holds it</span>;
}

function Tags({ summary }: { summary: CaseSummary }) {
  const self = useSelf();
  const { queues } = useClients();
  const reload = useReloadCase();
  if (!can(self, "workOnCases")) {
    return summary.tag.map(({ name }) => <Badge key={name}>#{name}</Badge>);
  }
  return summary.tag.map(({ name }) => (
    <button
      key={name}
      type="button"
      className="badge chip"
      onClick={() => {
        queues.untagCase({ caseId: summary.caseId, tag: name }).then(
          () => reload(toHex(summary.caseId)),
          () => announce("The tag could not be taken off.", true),
        );
      }}
    >
      <span className="unseen">Take off the tag </span>#{name} ×
    </button>
  ));
}

const WITH_LEASE: readonly [name: ActName, label: string, keys: string][] = [
  ["hold", "Put off …", "h"],
  ["hand over", "Hand over …", "o"],
  ["escalate", "Escalate …", "e"],
  ["give back", "Give back …", "x"],
];

/** What is done often enough to stand in the open. */
const IN_BAR = new Set<ActName>(["hold", "hand over"]);

/** The acts that somebody may do to the case now. */
function useActs(lease: LeaseState) {
  const self = useSelf();
  const acts = lease.mine ? [...WITH_LEASE] : [];
  if (lease.holder && !lease.mine && can(self, "takeOver")) {
    acts.push(["take over", "Take over …", "o"]);
  }
  if (can(self, "workOnCases")) acts.push(["tag", "Tag …", "t"]);
  return acts;
}

function ActMenu({ summary, lease }: { summary: CaseSummary; lease: LeaseState }) {
  const acts = useActs(lease);
  const [open, setOpen] = useState<ActName>();
  useCommands(
    acts.map(([name, label, keys]) => ({
      label,
      keys,
      group: "Case",
      run: () => setOpen(name),
    })),
  );
  const inBar = acts.filter(([name]) => IN_BAR.has(name));
  const inMenu = acts.filter(([name]) => !IN_BAR.has(name));
  return (
    <>
      {inBar.map(([name, label, keys]) => (
        <Button key={name} shortcut={keys} onClick={() => setOpen(name)}>
          {label}
        </Button>
      ))}
      {inMenu.length > 0 && (
        <Ariakit.MenuProvider>
          <Ariakit.MenuButton className="button">
            Case <Ariakit.MenuButtonArrow />
          </Ariakit.MenuButton>
          <Ariakit.Menu gutter={4} className="menu" modal>
            {inMenu.map(([name, label, keys]) => (
              <Ariakit.MenuItem
                key={name}
                className="menu-item"
                onClick={() => setOpen(name)}
              >
                {label} <Key keys={keys} />
              </Ariakit.MenuItem>
            ))}
          </Ariakit.Menu>
        </Ariakit.MenuProvider>
      )}
      {open && (
        <ActDialog
          name={open}
          summary={summary}
          epoch={lease.epoch}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

/** What the case is, whose it is, and how long there is. */
export function TopBar({ summary, lease }: { summary: CaseSummary; lease: LeaseState }) {
  const { titleOf } = useReasons();
  const queues = useQueues();
  const id = toHex(summary.caseId);
  const decided = summary.state === CaseState.DECIDED;
  return (
    <header className="case-top">
      <h1>
        <span className="unseen">Case </span>
        {titleOf(summary.reason[0] ?? "") || "Integrity"}
        {summary.reason.length > 1 && (
          <span className="faint" title={summary.reason.map(titleOf).join(", ")}>
            {" "}
            +{summary.reason.length - 1}
          </span>
        )}
      </h1>
      <Bars level={summary.severity} words={SEVERITY[summary.severity]} />
      <button
        type="button"
        className="button quiet mono"
        title="Copy the id"
        onClick={() => {
          void navigator.clipboard
            .writeText(id)
            .then(() => announce("The id was copied."));
        }}
      >
        <span className="unseen">Copy the id </span>
        {shortId(id)}
      </button>
      <Badge>{CASE_STATE[summary.state]}</Badge>
      {!decided && (
        <span>
          <span className="faint">Due</span> <Due at={summary.deadline} />
        </span>
      )}
      <span>
        <span className="faint">Queue</span> {queues.titleOf(summary.queue)}
      </span>
      <span>
        <span className="faint">Shows</span> {EXPOSURE[summary.exposure]}
      </span>
      {summary.needsSecondPerson && <Badge tone="accent">two people decide</Badge>}
      {summary.legalHold.length > 0 && <Badge tone="accent">legal hold</Badge>}
      <Tags summary={summary} />
      <span className="case-top-end">
        <Attendants id={id} />
        <LeaseClock lease={lease} />
        <ActMenu summary={summary} lease={lease} />
      </span>
    </header>
  );
}
