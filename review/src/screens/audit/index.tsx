import { useRef, useState, type FormEvent } from "react";
import { useSelf } from "../../api/self";
import { parseEntry } from "../../audit/entry";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { go, href, usePlace } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { ProblemNote } from "../../parts/problem-note";
import { ACTS } from "./act-words";
import { AuditLog } from "./audit-log";
import { CheckpointCard } from "./checkpoint-card";
import { EntryDialog, useEntryProof, VerdictLine } from "./entry-dialog";
import { logFilterOf } from "./filter";
import type { LogRow } from "./log-pages";
import { useAuditVkey, useCheckedLog } from "./use-checkpoint";
import { VerifyLog } from "./verify-log";
import "./audit.css";

const AREAS = [...new Set(Object.keys(ACTS).map((act) => act.replace(/\..*/, ".")))];

function FilterForm({ query }: { query: URLSearchParams }) {
  const first = useRef<HTMLInputElement>(null);
  useCommands([
    {
      label: "Filter the log",
      keys: "/",
      group: "Log",
      run: () => first.current?.focus(),
    },
  ]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const next = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === "string" && value.trim()) next.set(name, value.trim());
    }
    go(href(`audit?${next.toString()}`));
  };
  const text = (name: string) => query.get(name) ?? "";
  return (
    <form role="search" className="log-filter" onSubmit={submit} key={query.toString()}>
      <label>
        <span>About</span>
        <input
          ref={first}
          className="input"
          name="subject"
          placeholder="case:00ff…"
          defaultValue={text("subject")}
        />
      </label>
      <label>
        <span>What</span>
        <select className="select" name="act" defaultValue={text("act")}>
          <option value="">anything</option>
          {AREAS.map((area) => (
            <optgroup key={area} label={area.slice(0, -1).replace("_", " ")}>
              <option value={area}>all of {area.slice(0, -1).replace("_", " ")}</option>
              {Object.entries(ACTS)
                .filter(([act]) => act.startsWith(area))
                .map(([act, words]) => (
                  <option key={act} value={act}>
                    {words}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        <span>Who</span>
        <input
          className="input"
          name="actor"
          placeholder="moderator:anna"
          defaultValue={text("actor")}
        />
      </label>
      <label>
        <span>From</span>
        <input className="input" type="date" name="from" defaultValue={text("from")} />
      </label>
      <label>
        <span>Until</span>
        <input className="input" type="date" name="until" defaultValue={text("until")} />
      </label>
      <Button kind="primary" type="submit">
        Filter
      </Button>
      {query.size > 0 && (
        <Button kind="quiet" onClick={() => go(href("audit"))}>
          Clear
        </Button>
      )}
    </form>
  );
}

/** For whoever may not read the log but may have one act proven. */
function ProveAct({ vkey }: { vkey: string }) {
  const proof = useEntryProof(vkey);
  const [open, setOpen] = useState<LogRow>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const subject = String(form.get("subject")).trim();
    proof.mutate({ subject, number: Number(form.get("number")) });
  };
  const given = proof.data?.proof;
  return (
    <section className="stack">
      <h2>Verify an act</h2>
      <form className="row prove" onSubmit={submit}>
        <Field label="About" hint="As the acts of a case name it: case:00ff…">
          {(ids) => <input {...ids} className="input" name="subject" required />}
        </Field>
        <Field label="No. about it" hint="From 1 on.">
          {(ids) => (
            <input
              {...ids}
              className="input"
              name="number"
              type="number"
              min={1}
              required
            />
          )}
        </Field>
        <Button kind="primary" type="submit" busy={proof.isPending}>
          Verify
        </Button>
      </form>
      <ProblemNote error={proof.error} />
      {proof.data && <VerdictLine verdict={proof.data.verdict} />}
      {proof.isSuccess && !proof.data && (
        <p role="status">The act is not in the log yet. Ask again in a second.</p>
      )}
      {given && (
        <Button
          onClick={() =>
            setOpen({
              leafIndex: given.leafIndex,
              bytes: given.entry,
              entry: parseEntry(given.entry),
            })
          }
        >
          Show the entry
        </Button>
      )}
      {open && <EntryDialog row={open} vkey={vkey} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

function Log({ size, vkey }: { size: bigint; vkey: string }) {
  const { query } = usePlace();
  const [open, setOpen] = useState<LogRow>();
  return (
    <section aria-label="Entries" className="log">
      <FilterForm query={query} />
      <AuditLog
        key={query.toString()}
        size={size}
        filter={logFilterOf(query)}
        onOpen={setOpen}
      />
      {open && <EntryDialog row={open} vkey={vkey} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

export default function Audit() {
  const self = useSelf();
  const mayRead = can(self, "readLog");
  const vkey = useAuditVkey();
  const log = useCheckedLog(vkey.data, mayRead);
  const reload = () => void log.refetch();
  useCommands([{ label: "Look for new entries", keys: "r", group: "Log", run: reload }]);
  const { head, growth, signature } = log.data ?? {};
  const older = growth && "before" in growth ? growth.before : undefined;
  return (
    <div className="audit-screen">
      <aside className="stack">
        <div className="row spread">
          <h1>Audit</h1>
          <Button kind="quiet" shortcut="r" onClick={reload}>
            Look again
          </Button>
        </div>
        <Asked query={vkey} what="Asking for the key of the log" />
        <Asked query={log} what="Verifying the checkpoint" />
        {log.data && <CheckpointCard log={log.data} />}
        {head && mayRead && (
          <VerifyLog head={head} older={older} signed={signature === "holds"} />
        )}
      </aside>
      <div className="log-side">
        {head && mayRead && <Log size={head.size} vkey={vkey.data ?? ""} />}
        {head && !mayRead && vkey.data && <ProveAct vkey={vkey.data} />}
      </div>
    </div>
  );
}
