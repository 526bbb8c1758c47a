import { ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { ROLE } from "../../api/words";

export const ROLES = [
  ModeratorRole.REVIEWER,
  ModeratorRole.SENIOR,
  ModeratorRole.AUDITOR,
  ModeratorRole.ADMINISTRATOR,
];

export interface Permissions {
  role: ModeratorRole[];
  childSafety: boolean;
}

interface RoleFieldsProps {
  value: Permissions;
  onChange: (value: Permissions) => void;
  disabled?: boolean;
}

export function RoleFields({ value, onChange, disabled = false }: RoleFieldsProps) {
  return (
    <fieldset disabled={disabled}>
      <legend>Roles</legend>
      {ROLES.map((role) => (
        <label key={role} className="check">
          <input
            type="checkbox"
            checked={value.role.includes(role)}
            onChange={(event) => {
              const rest = value.role.filter((other) => other !== role);
              const next = event.target.checked ? [...rest, role].sort() : rest;
              onChange({ ...value, role: next });
            }}
          />
          <span>{ROLE[role]}</span>
        </label>
      ))}
      <label className="check">
        <input
          type="checkbox"
          checked={value.childSafety}
          onChange={(event) => onChange({ ...value, childSafety: event.target.checked })}
        />
        <span>
          child safety
          <span className="hint">May claim, see and decide cases of child safety.</span>
        </span>
      </label>
    </fieldset>
  );
}
