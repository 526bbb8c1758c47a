import * as Ariakit from "@ariakit/react";
import { useMutation } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import {
  CaseState,
  type CaseSummary,
  type GetCaseResponse,
} from "#gen/frank/v1/review_pb";
import { fromHex, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { go, href, usePlace } from "../../app/router";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { ProblemNote } from "../../parts/problem-note";
import type { Revealed } from "./arrived";
import { itemsOf } from "./conversation";
import { Message } from "./message";
import { peopleOf, type People } from "./people";
import { ProofStrip } from "./proof-strip";
import { Rail } from "./rail";
import { AccusedTab } from "./tabs/accused-tab";
import { AuditTab } from "./tabs/audit-tab";
import { NotesTab } from "./tabs/notes-tab";
import { PackagesTab } from "./tabs/packages-tab";
import { RelatedTab } from "./tabs/related-tab";
import { ReportersTab } from "./tabs/reporters-tab";
import { TopBar } from "./top-bar";
import { OpenedContext, unseenOf, useOpened } from "./unseen";
import {
  useCaseRecord,
  useLease,
  useMoreEvidence,
  useSeen,
  type LeaseState,
} from "./use-case";
import { useReveal, withWords } from "./use-reveal";
import "./case.css";

const TABS = [
  ["messages", "Messages"],
  ["accused", "Accused"],
  ["reporters", "Reporters"],
  ["related", "Duplicates"],
  ["notes", "Notes"],
  ["audit", "Audit"],
  ["referral", "Referral"],
] as const;

/** Of a case with more evidence than one answer holds. */
function MoreEvidence({ id }: { id: string }) {
  const more = useMutation({ mutationFn: useMoreEvidence(id) });
  const run = () => {
    if (!more.isPending) more.mutate();
  };
  useCommands([{ label: "Show more evidence", keys: "m", group: "Case", run }]);
  return (
    <div className="notice">
      <p>There is more evidence than is listed here.</p>
      <Button shortcut="m" busy={more.isPending} onClick={run}>
        Show more evidence
      </Button>
    </div>
  );
}

interface MessagesProps {
  shown: GetCaseResponse;
  people: People;
  revealed: Revealed;
  allowed: boolean;
  reveal: ReturnType<typeof useReveal>["reveal"];
  show: (tags: Uint8Array[]) => void;
}

/** What was disclosed, and nothing that was not. */
function Messages({ shown, people, revealed, allowed, reveal, show }: MessagesProps) {
  const items = useMemo(() => itemsOf(shown), [shown]);
  const hidden = [...shown.evidence, ...shown.context]
    .map(({ frankingTag }) => frankingTag)
    .filter((tag) => !revealed.pieces.has(toHex(tag)));
  const isMore = allowed && (hidden.length > 0 || revealed.words === undefined);
  const showAll = () => {
    if (isMore && !reveal.isPending) show(hidden);
  };
  useCommands([{ label: "Show all texts", keys: "v", group: "Case", run: showAll }]);
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  return (
    <div className="tab-body">
      {isMore && (
        <div className="row spread">
          <span className="faint">
            {hidden.length} of {shown.evidence.length + shown.context.length} not shown
            yet. Each that you look at is logged.
          </span>
          <Button shortcut="v" busy={reveal.isPending} onClick={showAll}>
            Show all texts
          </Button>
        </div>
      )}
      <ProblemNote error={reveal.error} />
      {items.length === 0 && <p className="faint">No message was disclosed.</p>}
      {items.some(({ kind }) => kind === "gap") && (
        <p className="hint">
          The platform numbers no messages: how many lie between two of these is not
          known.
        </p>
      )}
      <ol className="messages">
        {items.map((item) => (
          <Message
            key={`${item.kind} ${item.tag} ${item.room}`}
            item={item}
            people={people}
            shown={revealed.pieces.get(item.tag)}
            caseId={caseId}
            allowed={allowed}
            onShow={(tag) => show([tag])}
          />
        ))}
      </ol>
      {shown.nextPageToken !== "" && <MoreEvidence id={toHex(caseId)} />}
    </div>
  );
}

/** Who may be shown content: the holder, and who could approve. */
function mayReveal(summary: CaseSummary, lease: LeaseState, isSenior: boolean): boolean {
  return lease.mine || (summary.state === CaseState.AWAITING_APPROVAL && isSenior);
}

function Tabs({
  id,
  panels,
  noteCount,
}: {
  id: string;
  panels: Record<string, ReactNode>;
  noteCount: number;
}) {
  const { path } = usePlace();
  const selected = path[2] ?? "messages";
  const show = (tab: string) => {
    go(tab === "messages" ? href("case", id) : href("case", id, tab), "replace");
  };
  const at = TABS.findIndex(([name]) => name === selected);
  const step = (by: number) => {
    show(TABS[(at + by + TABS.length) % TABS.length]?.[0] ?? "messages");
  };
  useCommands([
    { label: "Next tab", keys: "]", group: "Case", run: () => step(1) },
    { label: "Tab before", keys: "[", group: "Case", run: () => step(-1) },
    ...TABS.map(([name, title]) => ({
      label: `Show ${title}`,
      group: "Case",
      run: () => {
        show(name);
      },
    })),
  ]);
  return (
    <Ariakit.TabProvider
      selectedId={selected}
      setSelectedId={(tab) => {
        if (tab && tab !== selected) show(tab);
      }}
    >
      <Ariakit.TabList className="tabs" aria-label="Parts of the case">
        {TABS.map(([name, title]) => (
          <Ariakit.Tab key={name} id={name} className="tab">
            {title}
            {name === "notes" && noteCount > 0 && (
              <span className="faint"> {noteCount}</span>
            )}
          </Ariakit.Tab>
        ))}
      </Ariakit.TabList>
      <Ariakit.TabPanel tabId={selected} className="tab-panel" focusable={false}>
        {panels[selected] ?? null}
      </Ariakit.TabPanel>
    </Ariakit.TabProvider>
  );
}

interface ShownCaseProps {
  id: string;
  shown: GetCaseResponse;
  summary: CaseSummary;
  reload: () => void;
}

function ShownCase({ id, shown, summary, reload }: ShownCaseProps) {
  const self = useSelf();
  const lease = useLease(summary);
  const seen = useSeen(summary);
  const people = useMemo(() => peopleOf(shown), [shown]);
  const allowed = mayReveal(summary, lease, can(self, "approve"));
  const { revealed, reveal, show } = useReveal(shown, allowed, lease.mine);
  const { opened, tell } = useOpened(allowed);
  const panels = {
    messages: <Messages {...{ shown, people, revealed, allowed, reveal, show }} />,
    accused: <AccusedTab shown={shown} />,
    reporters: <ReportersTab {...{ shown, people }} words={revealed.words?.reports} />,
    related: <RelatedTab {...{ shown, lease, reload }} />,
    notes: <NotesTab shown={shown} notes={revealed.words?.notes} />,
    audit: <AuditTab id={id} />,
    referral: <PackagesTab shown={shown} />,
  };
  return (
    <div className="case-screen">
      <TopBar summary={summary} lease={lease} />
      <ProofStrip shown={shown} people={people} />
      {seen.hasNews && (
        <div className="news" role="alert">
          <span>
            <strong>New reports have joined this case</strong> since you looked.
          </span>
          <Button onClick={seen.look}>I have seen them</Button>
        </div>
      )}
      <div className="case-body">
        <section className="case-main" aria-label="What was reported">
          <OpenedContext value={tell}>
            <Tabs id={id} panels={panels} noteCount={shown.note.length} />
          </OpenedContext>
        </section>
        <Rail
          id={id}
          shown={shown}
          decisions={withWords(shown.decision, revealed.words?.decisions)}
          lease={lease}
          seenRevision={seen.seenRevision}
          unseen={unseenOf(shown, revealed, opened)}
        />
      </div>
    </div>
  );
}

function CaseById({ id }: { id: string }) {
  const record = useCaseRecord(id);
  const summary = record.data?.caseSummary;
  if (record.data && summary) {
    return (
      <ShownCase
        id={id}
        shown={record.data}
        summary={summary}
        reload={() => void record.refetch()}
      />
    );
  }
  if (record.failureReason) {
    return (
      <div className="page narrow">
        <ProblemNote error={record.failureReason} onRetry={() => void record.refetch()} />
      </div>
    );
  }
  return <Loading what="Opening the case" />;
}

export default function Case() {
  const { path } = usePlace();
  const id = path[1] ?? "";
  if (fromHex(id)?.length !== 16) {
    return (
      <div className="page narrow">
        <h1>That is no case id</h1>
      </div>
    );
  }
  return <CaseById key={id} id={id} />;
}
