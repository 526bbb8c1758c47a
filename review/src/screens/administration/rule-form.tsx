// One proposed rule, in a form.
import type { RoutingRule } from "#gen/frank/v1/configuration_pb";
import { ProofStatus, Severity } from "#gen/frank/v1/review_pb";
import { PROOF, SEVERITY } from "../../api/words";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { parseList } from "./rules";

const SEVERITIES = [Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL];
const PROOFS = [
  ProofStatus.PROVEN,
  ProofStatus.UNPROVEN,
  ProofStatus.FORGED,
  ProofStatus.UNOPENABLE,
];

interface Named {
  name: string;
  title: string;
}

interface RuleFormProps {
  index: number;
  rule: RoutingRule;
  queues: Named[];
  reasons: Named[];
  onChange: (rule: RoutingRule) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

function Multiple<T extends string | number>(props: {
  label: string;
  options: [value: T, title: string][];
  value: T[];
  onChange: (value: T[]) => void;
}) {
  const { label, options, value, onChange } = props;
  return (
    <details className="multiple">
      <summary>
        {label}: {value.length === 0 ? "any" : `${value.length.toString()} chosen`}
      </summary>
      <fieldset aria-label={label}>
        {options.map(([option, title]) => (
          <label key={option} className="check">
            <input
              type="checkbox"
              checked={value.includes(option)}
              onChange={(event) => {
                const rest = value.filter((other) => other !== option);
                onChange(event.target.checked ? [...rest, option] : rest);
              }}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}

function Numeric(props: {
  label: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { label, value, max, onChange } = props;
  return (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          className="input short"
          type="number"
          min={0}
          max={max}
          value={value}
          onChange={(event) => onChange(Math.trunc(Number(event.target.value)))}
        />
      )}
    </Field>
  );
}

function Listed(props: {
  label: string;
  value: string[];
  placeholder: string;
  onChange: (value: string[]) => void;
}) {
  const { label, value, placeholder, onChange } = props;
  return (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          key={value.join(" ")}
          className="input"
          placeholder={placeholder}
          defaultValue={value.join(", ")}
          onBlur={(event) => onChange(parseList(event.target.value))}
        />
      )}
    </Field>
  );
}

export function RuleForm(props: RuleFormProps) {
  const { index, rule, queues, reasons, onChange, onMove, onRemove } = props;
  const change = (part: Partial<RoutingRule>) => onChange({ ...rule, ...part });
  const number = (index + 1).toString();
  return (
    <fieldset className="rule-form">
      <legend>Rule {number}</legend>
      <div className="rule-fields">
        <Field label="Goes to">
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={rule.queue}
              onChange={(event) => change({ queue: event.target.value })}
            >
              {queues.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Severity at least">
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={rule.minSeverity}
              onChange={(event) => change({ minSeverity: Number(event.target.value) })}
            >
              <option value={Severity.UNSPECIFIED}>any</option>
              {SEVERITIES.map((severity) => (
                <option key={severity} value={severity}>
                  {SEVERITY[severity]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Listed
          label="Policy areas"
          placeholder="any"
          value={rule.policyArea}
          onChange={(policyArea) => change({ policyArea })}
        />
        <Listed
          label="Scripts"
          placeholder="any, as Cyrl, Arab"
          value={rule.language}
          onChange={(language) => change({ language })}
        />
        <Numeric
          label="Acted on before"
          max={1000}
          value={rule.minPriorActions}
          onChange={(minPriorActions) => change({ minPriorActions })}
        />
        <Numeric
          label="Reporter weight ‰, 0: any"
          max={1000}
          value={rule.maxReporterWeight}
          onChange={(maxReporterWeight) => change({ maxReporterWeight })}
        />
        <Multiple
          label="Reported as"
          options={reasons.map(({ name, title }) => [name, title])}
          value={rule.reason}
          onChange={(reason) => change({ reason })}
        />
        <Multiple
          label="Proof"
          options={PROOFS.map((proof) => [proof, PROOF[proof]])}
          value={rule.proof}
          onChange={(proof) => change({ proof })}
        />
      </div>
      <div className="row">
        <Button
          kind="quiet"
          aria-label={`Rule ${number} earlier`}
          onClick={() => onMove(-1)}
        >
          Earlier
        </Button>
        <Button
          kind="quiet"
          aria-label={`Rule ${number} later`}
          onClick={() => onMove(1)}
        >
          Later
        </Button>
        <Button kind="quiet" aria-label={`Take out rule ${number}`} onClick={onRemove}>
          Take out
        </Button>
      </div>
    </fieldset>
  );
}
