// What can be done with a case besides deciding it: one table of acts, each with
// a form of its few fields.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { CaseSummary } from "#gen/frank/v1/review_pb";
import { useClients, type Clients } from "../../api/clients";
import { now } from "../../api/clock";
import { toHex } from "../../api/ids";
import { useQueues } from "../../api/tables";
import { announce } from "../../app/announce";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { LongText, NOTE_BYTES, SHORT_REASON_BYTES } from "../../parts/long-text";
import { ProblemNote } from "../../parts/problem-note";
import { moment, ms } from "../../parts/time";
import { caseKey } from "./use-case";

export type ActName =
  "hold" | "hand over" | "escalate" | "give back" | "tag" | "take over";

interface Target {
  caseId: Uint8Array;
  epoch: bigint;
}

interface Values {
  text: string;
  to: string;
  until: string;
}

interface Act {
  title: string;
  does: string;
  textLabel: string;
  /** Whether it can be sent without text. */
  textOptional?: boolean;
  send: (
    clients: Clients,
    target: Target,
    values: Values,
    summary: CaseSummary,
  ) => Promise<unknown>;
}

function untilOf(text: string): bigint {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0n : BigInt(time);
}

const ACTS: Record<ActName, Act> = {
  hold: {
    title: "Put the case off",
    does: "Put off",
    textLabel: "Why",
    send: ({ queues }, target, { text, until }, { deadline }) =>
      queues.holdCase({
        ...target,
        until: untilOf(until),
        reason: text,
        pastDeadline: deadline > 0n && untilOf(until) > deadline,
      }),
  },
  "hand over": {
    title: "Hand the case over",
    does: "Hand over",
    textLabel: "Note for whoever takes it",
    send: ({ queues }, target, { text, to }) => {
      const [kind, name = ""] = to.split(" ", 2);
      const whom =
        kind === "queue"
          ? { case: "queue" as const, value: name }
          : { case: "moderator" as const, value: name };
      return queues.handOverCase({ ...target, note: text, to: whom });
    },
  },
  escalate: {
    title: "Give the case to the seniors",
    does: "Escalate",
    textLabel: "Why",
    send: ({ queues }, target, { text }) =>
      queues.escalateCase({ ...target, note: text }),
  },
  "give back": {
    title: "Give the case back",
    does: "Give back",
    textLabel: "Note for whoever comes next",
    textOptional: true,
    send: ({ review }, target, { text }) => review.releaseCase({ ...target, note: text }),
  },
  tag: {
    title: "Put a tag on the case",
    does: "Put on",
    textLabel: "Tag: letters a-z, digits, - and _",
    send: ({ queues }, { caseId }, { text }) => queues.tagCase({ caseId, tag: text }),
  },
  "take over": {
    title: "Take the case from who holds it",
    does: "Take over",
    textLabel: "Why",
    send: ({ queues }, target, { text }) =>
      queues.takeOverCase({ ...target, note: text }),
  },
};

/** "2026-11-28T09:00", as a field of a date and time wants it. */
function localTime(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16);
}

function HoldUntil({
  until,
  deadline,
  onChange,
}: {
  until: string;
  deadline: bigint;
  onChange: (until: string) => void;
}) {
  const isPast = deadline > 0n && untilOf(until) > deadline;
  return (
    <Field
      label="Until"
      hint={
        isPast
          ? `That is past its deadline, ${moment(ms(deadline))}; the act will say so.`
          : "It comes back by itself."
      }
    >
      {(ids) => (
        <input
          {...ids}
          className="input"
          type="datetime-local"
          value={until}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      )}
    </Field>
  );
}

function HandOverTo({ to, onChange }: { to: string; onChange: (to: string) => void }) {
  const { moderators } = useClients();
  const queues = useQueues();
  const colleagues = useQuery({
    queryKey: ["colleagues"],
    queryFn: ({ signal }) => moderators.listColleagues({}, { signal }),
  });
  return (
    <>
      <Asked query={colleagues} what="Listing colleagues" />
      <Asked query={queues.query} what="Listing queues" />
      <Field
        label="To"
        hint="A person holds it at once; a queue gives it to whoever is next."
      >
        {(ids) => (
          <select
            {...ids}
            className="select"
            value={to}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          >
            <option value="">choose …</option>
            <optgroup label="People">
              {colleagues.data?.colleague.map(({ id }) => (
                <option key={id} value={`moderator ${id}`}>
                  {id}
                </option>
              ))}
            </optgroup>
            <optgroup label="Queues">
              {queues.all.map(({ name, title }) => (
                <option key={name} value={`queue ${name}`}>
                  {title || name}
                </option>
              ))}
            </optgroup>
          </select>
        )}
      </Field>
    </>
  );
}

interface ActDialogProps {
  name: ActName;
  summary: CaseSummary;
  epoch: bigint;
  onClose: () => void;
}

const HOUR = 3_600_000;

export function ActDialog({ name, summary, epoch: current, onClose }: ActDialogProps) {
  // Of who held the case when this was opened: nothing is taken from somebody else.
  const [epoch] = useState(current);
  const clients = useClients();
  const queries = useQueryClient();
  const act = ACTS[name];
  const [values, setValues] = useState<Values>(() => ({
    text: "",
    to: "",
    until: localTime(now() + 4 * HOUR),
  }));
  const send = useMutation({
    mutationFn: () =>
      act.send(clients, { caseId: summary.caseId, epoch }, values, summary),
    onSuccess: () => {
      announce(`Done: ${act.does.toLowerCase()}.`);
      void queries.invalidateQueries({ queryKey: caseKey(toHex(summary.caseId)) });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!send.isPending && (values.text.trim() || act.textOptional)) send.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={act.title}>
      <form onSubmit={submit} className="stack-s">
        {name === "hold" && (
          <HoldUntil
            until={values.until}
            deadline={summary.deadline}
            onChange={(until) => {
              setValues({ ...values, until });
            }}
          />
        )}
        {name === "hand over" && (
          <HandOverTo
            to={values.to}
            onChange={(to) => {
              setValues({ ...values, to });
            }}
          />
        )}
        <Field label={act.textLabel}>
          {(ids) => (
            <LongText
              {...ids}
              mostBytes={name === "hold" ? SHORT_REASON_BYTES : NOTE_BYTES}
              value={values.text}
              onChange={(text) => setValues({ ...values, text })}
            />
          )}
        </Field>
        <ProblemNote error={send.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave it</Button>
          <Button kind="primary" type="submit" busy={send.isPending}>
            {act.does}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
