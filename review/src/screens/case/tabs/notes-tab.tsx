import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
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

/** Notes before those of the answer, page by page, once somebody asks. */
function useOlderNotes(shown: GetCaseResponse, revealNotes: boolean) {
  const { review } = useClients();
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  const newest = shown.nextNotePageToken;
  return useInfiniteQuery({
    queryKey: ["older notes", toHex(caseId), newest, revealNotes],
    initialPageParam: newest,
    queryFn: ({ pageParam: notePageToken, signal }) =>
      review.getCase({ caseId, notePageToken, revealNotes }, { signal }),
    getNextPageParam: ({ nextNotePageToken }) => nextNotePageToken || undefined,
    enabled: false,
    gcTime: 0,
  });
}

function Note({ note }: { note: CaseNote }) {
  return (
    <li className="note">
      <div className="row">
        <strong>{note.moderator || "the service"}</strong> <Moment at={note.writtenAt} />
      </div>
      {note.text ? (
        <UntrustedText text={note.text} />
      ) : (
        <p className="faint">Its words are shown to who holds the case.</p>
      )}
    </li>
  );
}

interface NotesTabProps {
  shown: GetCaseResponse;
  /** With their words; undefined: they were not asked for. */
  notes: CaseNote[] | undefined;
}

/** What moderators left for whoever comes next. */
export function NotesTab({ shown, notes }: NotesTabProps) {
  const older = useOlderNotes(shown, notes !== undefined);
  const before = older.data?.pages.toReversed().flatMap(({ note }) => note) ?? [];
  const list = [...before, ...(notes ?? shown.note)];
  const isMore = older.data ? older.hasNextPage : shown.nextNotePageToken !== "";
  return (
    <div className="tab-body">
      {list.length === 0 && <p className="faint">No notes yet.</p>}
      {isMore && (
        <div>
          <Button busy={older.isFetching} onClick={() => void older.fetchNextPage()}>
            Older notes
          </Button>
        </div>
      )}
      <ProblemNote error={older.error} />
      <ul className="lines">
        {list.map((note, i) => (
          <Note key={i - before.length} note={note} />
        ))}
      </ul>
      <NewNote caseId={shown.caseSummary?.caseId ?? new Uint8Array()} />
    </div>
  );
}
