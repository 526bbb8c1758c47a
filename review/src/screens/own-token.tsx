import { useMutation } from "@tanstack/react-query";
import { ModeratorSource } from "#gen/frank/v1/moderators_pb";
import { useClients } from "../api/clients";
import { useSelf } from "../api/self";
import { session, signIn } from "../app/session";
import { Store, useStore } from "../app/store";
import { Confirmed } from "../parts/confirmed";
import { ProblemNote } from "../parts/problem-note";
import { makeToken } from "./administration/new-token";
import { TokenOnce } from "./administration/token-once";

/** Until it was kept: the session that it begins is another, and so is the page. */
const replacement = new Store<string | undefined>(undefined);

/** Replaces one's own token, where one signs in with a token of this service. */
export function OwnToken() {
  const self = useSelf();
  const { moderators } = useClients();
  const token = useStore(replacement);
  const { token: credential } = useStore(session);
  const replace = useMutation({
    mutationFn: async () => {
      const made = await makeToken();
      await moderators.replaceOwnToken({ tokenSha256: made.sha256 });
      return made.token;
    },
    onSuccess: (made) => {
      // The old one is known to nobody any more: this page goes on with the new.
      replacement.set(made);
      signIn(made);
    },
  });
  if (self.source !== ModeratorSource.LOCAL) return null;
  return (
    <section className="stack">
      <h2>My token</h2>
      <p className="hint">
        Replace it when somebody may have seen it, and from time to time.
      </p>
      <div>
        <Confirmed
          label="Replace my token"
          title="Replace your token?"
          busy={replace.isPending}
          onConfirm={() => replace.mutate()}
        >
          <p>
            The old one ends at once, everywhere. The new one is shown here once: have the
            place at hand where you keep it.
          </p>
        </Confirmed>
      </div>
      <ProblemNote error={replace.error} />
      {token !== undefined && token === credential && (
        <TokenOnce token={token} onClose={() => replacement.set(undefined)} />
      )}
    </section>
  );
}
