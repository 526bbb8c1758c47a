import { useMutation } from "@tanstack/react-query";
import { ExposureCategory } from "#gen/frank/v1/review_pb";
import { useClients } from "../api/clients";
import { useExposure, useSelf, useTellExposure } from "../api/self";
import { EXPOSURE } from "../api/words";
import { can } from "../app/capabilities";
import { prefer, preferences, type Preferences } from "../app/preferences";
import { useStore } from "../app/store";
import { ProblemNote } from "../parts/problem-note";
import { Moment } from "../parts/time";
import { OwnToken } from "./own-token";

const CHOICES = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

function Check(props: {
  label: string;
  hint: string;
  name: "singleKeys" | "textAtOnce";
}) {
  const chosen = useStore(preferences);
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={chosen[props.name]}
        onChange={(event) => {
          prefer({ [props.name]: event.target.checked } as Partial<Preferences>);
        }}
      />
      <span>
        {props.label}
        <span className="hint">{props.hint}</span>
      </span>
    </label>
  );
}

const REFUSABLE = [
  ExposureCategory.TEXT,
  ExposureCategory.GRAPHIC,
  ExposureCategory.CHILD_SAFETY,
];

function OptOuts() {
  const { moderators } = useClients();
  const exposure = useExposure();
  const tell = useTellExposure();
  const change = useMutation({
    mutationFn: (category: ExposureCategory[]) => moderators.setOptOuts({ category }),
    onSuccess: (answer) => {
      tell(answer.exposure);
    },
  });
  const out = (exposure?.category ?? [])
    .filter(({ optedOut }) => optedOut)
    .map(({ category }) => category);
  return (
    <fieldset>
      <legend>What I do not want to see</legend>
      <p className="hint">You are not given such cases as the next. Nobody asks why.</p>
      {REFUSABLE.map((category) => (
        <label key={category} className="check">
          <input
            type="checkbox"
            checked={out.includes(category)}
            disabled={change.isPending}
            onChange={(event) => {
              const rest = out.filter((other) => other !== category);
              change.mutate(event.target.checked ? [...rest, category] : rest);
            }}
          />
          <span className="initial">{EXPOSURE[category]}</span>
        </label>
      ))}
      <ProblemNote error={change.error} />
    </fieldset>
  );
}

function Seen() {
  const exposure = useExposure();
  if (!exposure?.shiftStartedAt)
    return <p>Nothing was revealed to you in a shift yet.</p>;
  return (
    <table className="table">
      <caption>
        In the shift since <Moment at={exposure.shiftStartedAt} />
      </caption>
      <thead>
        <tr>
          <th scope="col">Category</th>
          <th scope="col">Pieces seen</th>
          <th scope="col">Budget</th>
        </tr>
      </thead>
      <tbody>
        {exposure.category.map(({ category, pieces, budget }) => (
          <tr key={category}>
            <th scope="row">
              <span className="initial">{EXPOSURE[category]}</span>
            </th>
            <td>{pieces}</td>
            <td>{budget}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function Settings() {
  const self = useSelf();
  const { theme } = useStore(preferences);
  return (
    <div className="page narrow stack">
      <h1>Settings</h1>
      <fieldset>
        <legend>Colours</legend>
        {CHOICES.map(([value, label]) => (
          <label key={value} className="check">
            <input
              type="radio"
              name="theme"
              checked={theme === value}
              onChange={() => {
                prefer({ theme: value });
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Working</legend>
        <Check
          name="singleKeys"
          label="Single keys act"
          hint="Off: only keys with Ctrl. For those who dictate."
        />
        <Check
          name="textAtOnce"
          label="Show text at once"
          hint="In cases whose category is text. Pictures always wait for you."
        />
      </fieldset>
      <OwnToken />
      {can(self, "workOnCases") && (
        <>
          <OptOuts />
          <section>
            <h3>What I was shown</h3>
            <Seen />
          </section>
        </>
      )}
    </div>
  );
}
