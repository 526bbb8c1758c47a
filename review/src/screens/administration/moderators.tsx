import { useState, type FormEvent } from "react";
import type { Moderator } from "#gen/frank/v1/moderators_pb";
import { problemOf } from "../../api/problems";
import { useSelf } from "../../api/self";
import { ROLE, SOURCE } from "../../api/words";
import { can } from "../../app/capabilities";
import { useCommands } from "../../app/keys";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field, fieldError } from "../../parts/field";
import { ProblemNote } from "../../parts/problem-note";
import { UntrustedLine } from "../../parts/untrusted-text";
import { useModeratorChange, useModerators } from "./moderator-queries";
import { makeToken } from "./new-token";
import { RoleFields, type Permissions } from "./role-fields";
import { TokenOnce } from "./token-once";

export function rolesInWords({ role, childSafety }: Permissions): string {
  const words = role.map((one) => ROLE[one]);
  return [...words, ...(childSafety ? ["child safety"] : [])].join(", ") || "none";
}

function Row({ moderator }: { moderator: Moderator }) {
  const { id, source, linkedAccount, disabled } = moderator;
  return (
    <tr>
      <th scope="row">
        <a href={href("administration", "moderators", encodeURIComponent(id))}>
          <UntrustedLine text={id} />
        </a>
      </th>
      <td>{rolesInWords(moderator)}</td>
      <td>{SOURCE[source]}</td>
      <td>{linkedAccount.length === 0 ? "none" : linkedAccount.length}</td>
      <td>{disabled ? <Badge tone="doubt">kept out</Badge> : "may sign in"}</td>
    </tr>
  );
}

interface AddDialogProps {
  onClose: () => void;
  onAdded: (id: string, token: string) => void;
}

function AddDialog({ onClose, onAdded }: AddDialogProps) {
  const [id, setId] = useState("");
  const [permissions, setPermissions] = useState<Permissions>({
    role: [],
    childSafety: false,
  });
  // One token for the whole dialog, so that the same request again is the same.
  const [token] = useState(makeToken);
  const add = useModeratorChange(async (moderators) => {
    const made = await token;
    await moderators.addModerator({ id, ...permissions, tokenSha256: made.sha256 });
    onAdded(id, made.token);
  });
  const problem = add.error ? problemOf(add.error) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <Dialog open onClose={onClose} title="Add a moderator">
      <form className="stack" onSubmit={submit}>
        <Field
          label="Id"
          hint="1 to 64 of a-z, 0-9, '.', '-', '_'. It stands in the audit log for ever."
          error={fieldError(problem, "id")}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              required
              pattern="[a-z0-9._\-]{1,64}"
              spellCheck={false}
              value={id}
              onChange={(event) => setId(event.target.value)}
            />
          )}
        </Field>
        <RoleFields value={permissions} onChange={setPermissions} />
        <ProblemNote error={add.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={add.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function AddModerator() {
  const [adding, setAdding] = useState(false);
  const [added, setAdded] = useState<{ id: string; token: string }>();
  useCommands([
    {
      label: "Add a moderator",
      keys: "a",
      group: "Administration",
      run: () => setAdding(true),
    },
  ]);
  return (
    <>
      <Button kind="primary" shortcut="a" onClick={() => setAdding(true)}>
        Add a moderator
      </Button>
      {adding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onAdded={(id, token) => {
            setAdding(false);
            setAdded({ id, token });
          }}
        />
      )}
      {added && (
        <TokenOnce
          who={added.id}
          token={added.token}
          onClose={() => setAdded(undefined)}
        />
      )}
    </>
  );
}

export function Moderators() {
  const self = useSelf();
  const query = useModerators();
  const rows = query.data ?? [];
  return (
    <div className="stack">
      <div className="row spread">
        <h2>Moderators</h2>
        {can(self, "administer") && <AddModerator />}
      </div>
      <Asked query={query} what="Listing moderators" />
      {query.isSuccess && rows.length === 0 && (
        <p className="faint">There is none that this service keeps.</p>
      )}
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Moderator</th>
              <th scope="col">Roles</th>
              <th scope="col">Vouched for by</th>
              <th scope="col">Linked accounts</th>
              <th scope="col">Access</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((moderator) => (
              <Row key={moderator.id} moderator={moderator} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
