import * as Ariakit from "@ariakit/react";
import { useState } from "react";
import { fromHex } from "../api/ids";
import { Key } from "../parts/key";
import { useAllCommands, type Command } from "./keys";
import { go, href } from "./router";

/** Whether the letters of `query` come in `label` in this order, word starts first. */
export function matches(label: string, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = label.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A whole case id that was typed or pasted leads to the case. */
function caseCommand(query: string): Command[] {
  const id = query.trim().toLowerCase();
  if (id.length !== 32 || !fromHex(id)) return [];
  return [{ label: `Open case ${id}`, group: "Case", run: () => go(href("case", id)) }];
}

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [query, setQuery] = useState("");
  const all = useAllCommands();
  const found = [
    ...caseCommand(query),
    ...all.filter(({ label, group }) => matches(`${group} ${label}`, query)),
  ];
  const close = () => {
    setQuery("");
    onClose();
  };
  return (
    <Ariakit.Dialog
      open={open}
      onClose={close}
      unmountOnHide
      aria-label="Find a command or case"
      className="dialog palette"
      backdrop={<div className="backdrop" />}
    >
      <Ariakit.ComboboxProvider open includesBaseElement={false} setValue={setQuery}>
        <Ariakit.Combobox
          autoSelect="always"
          className="palette-input"
          placeholder="What would you like to do? Or a case id"
        />
        <Ariakit.ComboboxList className="palette-list" alwaysVisible>
          {found.map(({ label, group, keys, run }) => (
            <Ariakit.ComboboxItem
              key={`${group} ${label}`}
              value={label}
              setValueOnClick={false}
              hideOnClick={false}
              className="menu-item"
              onClick={() => {
                close();
                run();
              }}
            >
              <span>
                {group !== "Everywhere" && <span className="faint">{group} </span>}
                {label}
              </span>
              {keys !== undefined && <Key keys={keys} />}
            </Ariakit.ComboboxItem>
          ))}
        </Ariakit.ComboboxList>
        {found.length === 0 && <p className="menu-note">Nothing of that name here.</p>}
      </Ariakit.ComboboxProvider>
    </Ariakit.Dialog>
  );
}
