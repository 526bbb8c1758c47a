import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Key } from "../parts/key";
import { useAllCommands } from "./keys";
import { preferences } from "./preferences";
import { useStore } from "./store";

/** What the keys do here, by the registry that makes them do it. */
export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined);
  const { singleKeys } = useStore(preferences);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog open={open} onClose={onClose} title="Keys" size="wide">
      {!singleKeys && <p>Single keys are off; those with Ctrl work. See Settings.</p>}
      <div className="keys-help">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map(({ label, keys = "" }) => (
                  <div key={label}>
                    <dt>
                      <Key keys={keys} />
                      <span className="unseen">{keys}</span>
                    </dt>
                    <dd>{label}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="dialog-actions">
        <Button shortcut="Esc" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
