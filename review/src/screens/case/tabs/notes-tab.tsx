import { useMutation } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import type { CaseNote, GetCaseResponse } from "#gen/frank/v1/review_pb";
import { useClients } from "../../../api/clients";
import { newId, toHex } from "../../../api/ids";
import { problemOf } from "../../../api/problems";
import { Button } from "../../../parts/button";
import { Field, fieldError } from "../../../parts/field";
import { LongText } from "../../../parts/long-text";
import { ProblemNote } from "../../../parts/problem-note";
import { Moment } from "../../../parts/time";
import { UntrustedText } from "../../../parts/untrusted-text";
import { useReloadCase } from "../use-case";

function NewNote({ caseId }: { caseId: Uint8Array }) {
  const { queues } = useClients();
  const reload = useReloadCase();
  const [text, setText] = useState("");
  const noteId = useRef(newId());
  const add = useMutation({
    mutationFn: () =>
      queues.addNote({ caseId, noteId: noteId.current, text: text.trim() }),
    onSuccess: () => {
      noteId.current = newId();
      setText("");
      reload(toHex(caseId));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !add.isPending) add.mutate();
  };
  return (
    <form onSubmit={submit} className="stack-s">
      <Field
        label="New note"
        hint="For other moderators."
        error={add.error ? fieldError(problemOf(add.error), "text") : undefined}
      >
        {(ids) => <LongText {...ids} value={text} onChange={setText} />}
      </Field>
      <ProblemNote error={add.error} />
      <Button type="submit" busy={add.isPending}>
        Add note
      </Button>
    </form>
  );
}

interface NotesTabProps {
  shown: GetCaseResponse;
  /** With their words; undefined: they were not asked for. */
  notes: CaseNote[] | undefined;
}

/** What moderators left for whoever comes next. */
export function NotesTab({ shown, notes }: NotesTabProps) {
  const list = notes ?? shown.note;
  return (
    <div className="tab-body">
      {list.length === 0 && <p className="faint">No notes yet.</p>}
      <ul className="lines">
        {list.map((note, i) => (
          <li key={i} className="note">
            <div className="row">
              <strong>{note.moderator || "the service"}</strong>{" "}
              <Moment at={note.writtenAt} />
            </div>
            {note.text ? (
              <UntrustedText text={note.text} />
            ) : (
              <p className="faint">Its words are shown to who holds the case.</p>
            )}
          </li>
        ))}
      </ul>
      <NewNote caseId={shown.caseSummary?.caseId ?? new Uint8Array()} />
    </div>
  );
}
