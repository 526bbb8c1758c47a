import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type Ref } from "react";
import { ActionKind, DecisionState } from "#gen/frank/v1/decision_pb";
import { useClients } from "../../api/clients";
import { now } from "../../api/clock";
import { newId } from "../../api/ids";
import { problemOf } from "../../api/problems";
import { useSelf } from "../../api/self";
import { usePolicies } from "../../api/tables";
import { ACTION } from "../../api/words";
import { announce } from "../../app/announce";
import { useCommands } from "../../app/keys";
import { rememberDecision } from "../../app/recent";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { Field, fieldError } from "../../parts/field";
import { LongText } from "../../parts/long-text";
import { Key } from "../../parts/key";
import { ProblemNote } from "../../parts/problem-note";
import { isNarrow, type NextFrom, type useClaimNext } from "../queue/claim-next";
import {
  ACTIONS,
  actionsOf,
  isActing,
  keepDraft,
  keptDraft,
  LENGTHS,
  missingOf,
  toggleAction,
  type Draft,
} from "./draft";
import { Preview, SecondPerson, usePreview } from "./preview";
import { heldCases, useChooseOther, useTogether } from "./together";
import { isStale, useReloadWhenStale } from "./use-case";

type Change = (change: Partial<Draft>) => void;

function LengthField(props: {
  label: string;
  value: number;
  onChange: (ms: number) => void;
}) {
  return (
    <select
      className="select"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => {
        props.onChange(Number(event.target.value));
      }}
    >
      {LENGTHS.map(([length, words]) => (
        <option key={length} value={length}>
          {words}
        </option>
      ))}
    </select>
  );
}

function ActionDetail({
  kind,
  draft,
  change,
}: {
  kind: ActionKind;
  draft: Draft;
  change: Change;
}) {
  if (!draft.actions.includes(kind)) return null;
  if (kind === ActionKind.SUSPEND) {
    return (
      <LengthField
        label="Suspended for"
        value={draft.suspendMs}
        onChange={(suspendMs) => {
          change({ suspendMs });
        }}
      />
    );
  }
  if (kind !== ActionKind.LIMIT) return null;
  return (
    <div className="limit-detail">
      <input
        className="input"
        type="number"
        min={1}
        max={100000}
        aria-label="Messages an hour"
        value={draft.messagesAnHour}
        onChange={(event) => {
          change({ messagesAnHour: Number(event.target.value) });
        }}
      />
      <span>an hour</span>
      <LengthField
        label="Limited for"
        value={draft.limitMs}
        onChange={(limitMs) => {
          change({ limitMs });
        }}
      />
    </div>
  );
}

/** The actions on their number keys. */
function ActionList({ draft, change }: { draft: Draft; change: Change }) {
  const toggle = (kind: ActionKind) => {
    const actions = toggleAction(draft.actions, kind);
    // The reasons for acting and for not acting are different lists.
    const reason = isActing(actions) === isActing(draft.actions) ? draft.reason : "";
    change({ actions, reason });
  };
  useCommands(
    ACTIONS.map((kind, i) => ({
      label: `${ACTION[kind]}: choose or drop`,
      keys: (i + 1).toString(),
      group: "Decide",
      run: () => {
        toggle(kind);
      },
    })),
  );
  return (
    <fieldset className="actions">
      <legend>What to do</legend>
      {ACTIONS.map((kind, i) => (
        <div key={kind} className="action">
          <label>
            <input
              type="checkbox"
              checked={draft.actions.includes(kind)}
              onChange={() => {
                toggle(kind);
              }}
            />
            <Key keys={(i + 1).toString()} />
            <span className="action-name">{ACTION[kind]}</span>
          </label>
          <ActionDetail kind={kind} draft={draft} change={change} />
        </div>
      ))}
    </fieldset>
  );
}

interface ChoicesProps {
  draft: Draft;
  change: Change;
  policyField: Ref<HTMLSelectElement>;
  reasonField: Ref<HTMLSelectElement>;
}

/** The policy with its text, and the reasons that fit what is done. */
function Grounds({ draft, change, policyField, reasonField }: ChoicesProps) {
  const query = usePolicies();
  const policies = query.data;
  const chosen = policies?.policy.find(({ policy }) => policy === draft.policy);
  const reasons =
    draft.actions.length > 0 && !isActing(draft.actions)
      ? policies?.noActionReason
      : policies?.actionReason;
  return (
    <>
      <Asked query={query} what="Reading the policies" />
      {policies?.policy.length === 0 && (
        <p className="notice">There is no policy in force: no case can be decided.</p>
      )}
      <Field label="Policy">
        {(ids) => (
          <select
            {...ids}
            ref={policyField}
            className="select"
            value={draft.policy}
            onChange={(event) => {
              change({ policy: event.target.value });
            }}
          >
            <option value="">choose …</option>
            {policies?.policy.map(({ policy, title, heading }) => (
              <option key={policy} value={policy} disabled={heading}>
                {heading ? `— ${title}` : `${title} (${policy})`}
              </option>
            ))}
          </select>
        )}
      </Field>
      {chosen && <p className="policy-text">{chosen.text}</p>}
      <Field label="Reason">
        {(ids) => (
          <select
            {...ids}
            ref={reasonField}
            className="select"
            value={draft.reason}
            onChange={(event) => {
              change({ reason: event.target.value });
            }}
          >
            <option value="">choose …</option>
            {reasons?.map(({ reason, title }) => (
              <option key={reason} value={reason}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

interface Decidable {
  id: string;
  epoch: bigint;
  seenRevision: bigint;
  /** Takes the next case once this one is decided, and from where. */
  next: ReturnType<typeof useClaimNext>;
  from: NextFrom;
}

interface DecideRailProps extends Decidable {
  /** What was not looked at, as a person would say it. */
  unseen: string[];
}

/** Sends the decision; the same draft again is the same decision. */
function useDecide(first: Decidable, draft: Draft) {
  const { id, next } = first;
  const { decisions } = useClients();
  const queries = useQueryClient();
  const self = useSelf();
  const reloadWhenStale = useReloadWhenStale(id);
  const { others, clear } = useTogether(id);
  const sent = useRef<{ draft: string; decisionId: Uint8Array; at: number }>(undefined);
  return useMutation({
    mutationFn: () => {
      const text = JSON.stringify([draft, others.map((other) => other.id)]);
      if (sent.current?.draft !== text) {
        sent.current = { draft: text, decisionId: newId(), at: now() };
      }
      const { decisionId, at } = sent.current;
      return decisions.decideCase({
        heldCase: heldCases([first, ...others]),
        decisionId,
        policy: draft.policy,
        reason: draft.reason,
        rationale: draft.rationale.trim(),
        action: actionsOf(draft, at),
      });
    },
    onSuccess: ({ decision }, { andNext }: { andNext: boolean }) => {
      keepDraft(self.id, id, undefined);
      if (decision) rememberDecision(self.id, decision);
      announce(
        decision?.state === DecisionState.PROPOSED
          ? "Proposed. It waits for a second person."
          : "Decided. It can be undone for a while.",
      );
      void queries.invalidateQueries({ queryKey: ["case"] });
      clear();
      if (andNext) next.mutate();
    },
    onError: (error) => {
      reloadWhenStale(error);
      // What was seen of the others may be old as well: they are chosen anew.
      if (isStale(error)) clear();
    },
  });
}

/** The other cases that the decision is about too. */
function Others({ id }: { id: string }) {
  const { others } = useTogether(id);
  const choose = useChooseOther(id);
  if (others.length === 0) return null;
  return (
    <div className="notice">
      <p>Decides these cases of the account too:</p>
      <ul className="lines">
        {others.map((other) => (
          <li key={other.id} className="row">
            <a className="mono" href={href("case", other.id)}>
              {other.id.slice(0, 8)}
            </a>
            <Button kind="quiet" onClick={() => choose.mutate(other.id)}>
              Leave it out
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNote error={choose.error} />
    </div>
  );
}

/** Decides the case on the screen, by keyboard alone if one likes. */
export function DecideRail(props: DecideRailProps) {
  const { id, from } = props;
  const self = useSelf();
  const [draft, setDraft] = useState(() => keptDraft(self.id, id));
  const change: Change = (part) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(self.id, id, next);
  };
  const decide = useDecide(props, draft);
  const [asked, setAsked] = useState(false);
  const policyField = useRef<HTMLSelectElement>(null);
  const reasonField = useRef<HTMLSelectElement>(null);
  const rationaleField = useRef<HTMLTextAreaElement>(null);
  const missing = missingOf(draft);
  const { others } = useTogether(id);
  const ids = [id, ...others.map((other) => other.id)];
  const preview = usePreview(ids, draft).data;
  const submit = (andNext: boolean) => {
    setAsked(true);
    if (missing.length > 0) announce(`Not yet: ${missing.join(", ")}.`, true);
    else if (!decide.isPending) decide.mutate({ andNext });
  };
  const group = "Decide";
  // Whoever writes a note beside it does not decide by sending that.
  const within = ".rail";
  useCommands([
    {
      label: "Go to the policy",
      keys: "y",
      group,
      run: () => policyField.current?.focus(),
    },
    {
      label: "Go to the reason",
      keys: "b",
      group,
      run: () => reasonField.current?.focus(),
    },
    { label: "Say why", keys: "w", group, run: () => rationaleField.current?.focus() },
    { label: "Submit", keys: "Ctrl+Enter", group, within, run: () => submit(false) },
    {
      label: "Submit and take the next",
      keys: "Ctrl+Shift+Enter",
      group,
      within,
      run: () => submit(true),
    },
  ]);
  const proposes = (preview?.approvalCause.length ?? 0) > 0;
  return (
    <div className="rail-form">
      <ActionList draft={draft} change={change} />
      <Grounds {...{ draft, change, policyField, reasonField }} />
      <Field
        label="Why"
        hint="For other moderators. Nobody outside reads it."
        error={
          decide.error ? fieldError(problemOf(decide.error), "rationale") : undefined
        }
      >
        {(ids) => (
          <LongText
            {...ids}
            ref={rationaleField}
            value={draft.rationale}
            onChange={(rationale) => change({ rationale })}
          />
        )}
      </Field>
      <Preview ids={ids} draft={draft} />
      <Others id={id} />
      {props.unseen.map((one) => (
        <p key={one} className="hint">
          {one}
        </p>
      ))}
      <ProblemNote error={decide.error} />
      <div className="submit">
        {asked && missing.length > 0 && (
          <p className="field-error">Not yet: {missing.join(", ")}.</p>
        )}
        {preview && <SecondPerson causes={preview.approvalCause} />}
        <Button
          kind="primary"
          shortcut="Ctrl+Enter"
          busy={decide.isPending}
          onClick={() => submit(false)}
        >
          {proposes ? "Propose" : "Submit"}
          {others.length > 0 && ` for ${ids.length.toString()} cases`}
        </Button>
        <Button
          busy={decide.isPending}
          shortcut="Ctrl+Shift+Enter"
          onClick={() => submit(true)}
        >
          and next
        </Button>
        {isNarrow(from) && <p className="hint">The next is of the view you came from.</p>}
      </div>
    </div>
  );
}
