import { useQuery } from "@tanstack/react-query";
import type {
  ConfiguredExposure,
  ConfiguredTarget,
  GetConfigurationResponse,
} from "#gen/frank/v1/configuration_pb";
import { useClients } from "../../api/clients";
import { useSelf } from "../../api/self";
import { useReasons } from "../../api/tables";
import { EXPOSURE } from "../../api/words";
import { can } from "../../app/capabilities";
import { Asked } from "../../parts/asked";
import { Badge } from "../../parts/badge";
import { duration } from "../../parts/time";
import { DryRunForm } from "./dry-run";
import { conditionsInWords } from "./rules";

type Configuration = GetConfigurationResponse;

export function useConfiguration() {
  const { configuration } = useClients();
  return useQuery({
    queryKey: ["configuration"],
    queryFn: ({ signal }) => configuration.getConfiguration({}, { signal }),
  });
}

function titleIn({ queue }: Configuration, name: string): string {
  return queue.find((one) => one.name === name)?.title || name;
}

function Queues({ configuration }: { configuration: Configuration }) {
  return (
    <section>
      <h3>Queues</h3>
      <ul>
        {configuration.queue.map(({ name, title, seniorsOnly }) => (
          <li key={name} className="row">
            {title || name} <code className="faint">{name}</code>
            {seniorsOnly && <Badge>seniors only</Badge>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rules({ configuration }: { configuration: Configuration }) {
  const { titleOf } = useReasons();
  return (
    <section>
      <h3>Rules in force</h3>
      <p className="hint">
        The first that matches a case decides; without one, the queue of its gravest
        reason.
      </p>
      {configuration.rule.length === 0 && <p className="faint">There is no rule.</p>}
      <ol className="rules">
        {configuration.rule.map((rule, i) => (
          <li key={i}>
            {conditionsInWords(rule, titleOf).join(", ") || "every case"} →{" "}
            <strong>{titleIn(configuration, rule.queue)}</strong>
          </li>
        ))}
      </ol>
    </section>
  );
}

function perMille(value: number): string {
  return `${(value / 10).toString()} %`;
}

function targetInWords(target: ConfiguredTarget): string {
  const within = (ms: bigint) => (ms === 0n ? "by the deadline" : duration(Number(ms)));
  return (
    `first action ${within(target.firstActionMs)}, decision ${within(target.decisionMs)}, ` +
    `${perMille(target.inTimePerMille)} in time, ${perMille(target.upheldPerMille)} neither reversed nor overturned`
  );
}

function Targets({ configuration }: { configuration: Configuration }) {
  const { titleOf } = useReasons();
  return (
    <section>
      <h3>Targets</h3>
      <p className="hint">The first that matches a case holds for it.</p>
      <ol className="rules">
        {configuration.target.map((target, i) => {
          const of = [
            ...target.queue.map((name) => titleIn(configuration, name)),
            ...target.reason.map(titleOf),
          ];
          return (
            <li key={i}>
              <strong>{of.join(", ") || "every case"}</strong>: {targetInWords(target)}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Exposure({ exposure }: { exposure: ConfiguredExposure }) {
  return (
    <section>
      <h3>Exposure</h3>
      <p>
        In a shift of {duration(Number(exposure.shiftMs))}; a break of{" "}
        {duration(Number(exposure.breakMs))} is due at a load of {exposure.breakDueLoad}.
      </p>
      <ul>
        {exposure.budget.map(({ category, pieces, load }) => (
          <li key={category}>
            {EXPOSURE[category]}: {pieces} pieces, each a load of {load}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Times({ configuration: c }: { configuration: Configuration }) {
  const times: [string, bigint][] = [
    ["A claim holds a case", c.leaseMs],
    ["A case waits for whom it was handed over to", c.handOverMs],
    ["A decision can be undone", c.undoWindowMs],
    ["Its effects come besides, at least", c.leastEffectDelayMs],
    ["and at most", c.mostEffectDelayMs],
  ];
  return (
    <section>
      <h3>Times</h3>
      <dl className="facts">
        {times.map(([name, time]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{duration(Number(time))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Routing() {
  const self = useSelf();
  const query = useConfiguration();
  const configuration = query.data;
  return (
    <div className="stack">
      <h2>Queues and routing</h2>
      <Asked query={query} what="Reading the configuration" />
      {configuration && (
        <>
          <div className="two-columns">
            <div className="stack">
              <Rules configuration={configuration} />
              <Targets configuration={configuration} />
            </div>
            <div className="stack">
              <Queues configuration={configuration} />
              {configuration.exposure && <Exposure exposure={configuration.exposure} />}
              <Times configuration={configuration} />
            </div>
          </div>
          {can(self, "tryRouting") && (
            <DryRunForm
              inForce={configuration.rule}
              queues={configuration.queue.map(({ name, title }) => ({
                name,
                title: title || name,
              }))}
            />
          )}
        </>
      )}
    </div>
  );
}
