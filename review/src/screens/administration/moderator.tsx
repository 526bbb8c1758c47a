// One moderator: roles, links, access, token, and the acts about them.
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ModeratorSource, type Moderator } from "#gen/frank/v1/moderators_pb";
import { useClients } from "../../api/clients";
import { useSelf } from "../../api/self";
import { EXPOSURE, SOURCE } from "../../api/words";
import { announce } from "../../app/announce";
import { can } from "../../app/capabilities";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Confirmed } from "../../parts/confirmed";
import { Field } from "../../parts/field";
import { ProblemNote } from "../../parts/problem-note";
import { Moment } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { actInWords } from "../audit/act-words";
import { useModeratorChange } from "./moderator-queries";
import { rolesInWords } from "./moderators";
import { makeToken } from "./new-token";
import { RoleFields, type Permissions } from "./role-fields";
import { TokenOnce } from "./token-once";

function samePermissions(a: Permissions, b: Permissions): boolean {
  return rolesInWords(a) === rolesInWords(b);
}

function Roles({ moderator }: { moderator: Moderator }) {
  const [wanted, setWanted] = useState<Permissions>({
    role: moderator.role,
    childSafety: moderator.childSafety,
  });
  const set = useModeratorChange(async (moderators, permissions: Permissions) => {
    await moderators.setModeratorRoles({ id: moderator.id, ...permissions });
    announce(`The roles of ${moderator.id} are set`);
  });
  const isSame = samePermissions(wanted, moderator);
  return (
    <section className="stack">
      <RoleFields value={wanted} onChange={setWanted} />
      <ProblemNote error={set.error} />
      <div className="row">
        <Button
          kind="primary"
          aria-disabled={isSame}
          busy={set.isPending}
          onClick={() => {
            if (!isSame) set.mutate(wanted);
          }}
        >
          Set these roles
        </Button>
      </div>
    </section>
  );
}

function Links({ moderator, mayChange }: { moderator: Moderator; mayChange: boolean }) {
  const [uri, setUri] = useState("");
  const link = useModeratorChange(
    (moderators, { accountUri, unlink }: { accountUri: string; unlink: boolean }) =>
      moderators.linkAccount({ id: moderator.id, accountUri, unlink }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    link.mutate({ accountUri: uri, unlink: false }, { onSuccess: () => setUri("") });
  };
  return (
    <section className="stack">
      <h3>Linked accounts</h3>
      <p className="hint">
        Their own or close to them: they can neither claim, see nor decide cases about
        these.
      </p>
      {moderator.linkedAccount.length === 0 && <p className="faint">None.</p>}
      <ul className="links">
        {moderator.linkedAccount.map((account) => (
          <li key={account} className="row">
            <UntrustedLine text={account} />
            {mayChange && (
              <Button
                kind="quiet"
                aria-label={`End the link with ${account}`}
                onClick={() => link.mutate({ accountUri: account, unlink: true })}
              >
                End the link
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <form className="row link-form" onSubmit={submit}>
          <Field label="Account">
            {(ids) => (
              <input
                {...ids}
                className="input wide-input"
                required
                placeholder="mimi://hub.example/u/…"
                value={uri}
                onChange={(event) => setUri(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={link.isPending}>
            Link
          </Button>
        </form>
      )}
      <ProblemNote error={link.error} />
    </section>
  );
}

function Access({ moderator }: { moderator: Moderator }) {
  const { id, disabled, source } = moderator;
  const [token, setToken] = useState<string>();
  const enable = useModeratorChange((moderators, enabled: boolean) =>
    moderators.enableModerator({ id, enabled }),
  );
  const replace = useModeratorChange(async (moderators) => {
    const made = await makeToken();
    await moderators.replaceModeratorToken({ id, tokenSha256: made.sha256 });
    setToken(made.token);
  });
  return (
    <section className="stack">
      <h3>Access</h3>
      <div className="row">
        {disabled ? (
          <Button busy={enable.isPending} onClick={() => enable.mutate(true)}>
            Let in again
          </Button>
        ) : (
          <Confirmed
            label="Keep out"
            title={`Keep ${id} out?`}
            busy={enable.isPending}
            onConfirm={() => enable.mutate(false)}
          >
            <p>
              They can do nothing from now on, whatever vouches for them. Cases that they
              hold go back when the lease ends.
            </p>
          </Confirmed>
        )}
        {source === ModeratorSource.LOCAL && (
          <Confirmed
            label="Replace the token"
            title={`Replace the token of ${id}?`}
            busy={replace.isPending}
            onConfirm={() => replace.mutate(undefined)}
          >
            <p>The old token ends with it, everywhere, at once.</p>
          </Confirmed>
        )}
      </div>
      <ProblemNote error={enable.error ?? replace.error} />
      {token !== undefined && (
        <TokenOnce who={id} token={token} onClose={() => setToken(undefined)} />
      )}
    </section>
  );
}

const MOST_ACTS = 1000;

function Acts({ id }: { id: string }) {
  const { moderators } = useClients();
  const query = useQuery({
    queryKey: ["moderator", id, "acts"],
    queryFn: async ({ signal }) => {
      const first = await moderators.listModeratorActs({ id }, { signal });
      return first.act.toReversed();
    },
  });
  const acts = query.data ?? [];
  return (
    <section className="stack">
      <h3>Acts about them</h3>
      <Asked query={query} what="Listing acts" />
      {query.isSuccess && acts.length === 0 && <p className="faint">None.</p>}
      {acts.length >= MOST_ACTS && (
        <p className="hint">The first {MOST_ACTS}; the audit log has all.</p>
      )}
      <ol className="acts">
        {acts.map((act) => (
          <li key={act.number.toString()}>
            <Moment at={act.time} /> <UntrustedLine text={actInWords(act.act)} />{" "}
            <span className="faint">
              by <UntrustedLine text={act.actor} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function ModeratorPage({ id }: { id: string }) {
  const self = useSelf();
  const { moderators } = useClients();
  const query = useQuery({
    queryKey: ["moderator", id],
    queryFn: ({ signal }) => moderators.getModerator({ id }, { signal }),
  });
  const moderator = query.data?.moderator;
  const mayChange = can(self, "administer");
  const seen = (query.data?.exposure?.category ?? []).filter((one) => one.pieces > 0);
  return (
    <div className="stack narrow-column">
      <p>
        <a href={href("administration", "moderators")}>All moderators</a>
      </p>
      <Asked query={query} what="Looking up the moderator" />
      {moderator && (
        <>
          <div className="row">
            <h2>
              <UntrustedLine text={moderator.id} />
            </h2>
            {moderator.disabled && <Badge tone="doubt">kept out</Badge>}
          </div>
          <p>
            {rolesInWords(moderator)} · {SOURCE[moderator.source]}
            {moderator.addedAt > 0n && (
              <>
                {" "}
                · added <Moment at={moderator.addedAt} />
              </>
            )}
          </p>
          <p className="faint">
            {seen.length === 0
              ? "Nothing was revealed to them in this shift."
              : `Revealed to them in this shift: ${seen
                  .map((c) => `${EXPOSURE[c.category]} ${c.pieces.toString()}`)
                  .join(", ")}.`}
          </p>
          {mayChange && moderator.source === ModeratorSource.LOCAL && (
            <Roles moderator={moderator} key={rolesInWords(moderator)} />
          )}
          <Links moderator={moderator} mayChange={mayChange} />
          {mayChange && <Access moderator={moderator} />}
          <Acts id={id} />
        </>
      )}
    </div>
  );
}
