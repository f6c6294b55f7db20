// Golden signals of a service: what it told of traffic, errors, latency and saturation, and what it did not tell.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { SignalPoint, SignalStanding, ServiceSignals as Told } from '../../../../client/src/operations.gen.ts'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { fullTime, localTimes, numberText, plural, shareText, windowText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ChartTable } from '../../parts/plot.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { telemetry } from '../../shell/api.ts'
import { type ChartLine, SignalChart } from './signal-chart.tsx'
import { newest, percentileText, rateText, resourceWords, secondsText } from './signal-lines.ts'
import './signals.css'

const ranges = { '1h': 1, '6h': 6, '24h': 24, '7d': 168, '30d': 720 } as const
type Range = keyof typeof ranges
const rangeNames: readonly Range[] = ['1h', '6h', '24h', '7d', '30d']

export function ServiceSignals({ service }: { service: string }) {
  const [range, setRange] = useUrlState<Range>('signals', '1h')
  const [asTable, setAsTable] = useState(false)
  const now = useNow()
  const to = Math.ceil(now / 60_000) * 60_000
  const from = to - (ranges[range] ?? 1) * 3_600_000
  const query = useQuery({
    queryKey: ['telemetry', 'signals', service, range, to],
    queryFn: ({ signal }) =>
      telemetry.signals(service, { from: new Date(from).toISOString(), to: new Date(to).toISOString() }, signal),
    placeholderData: (before) => (before?.service === service ? before : undefined),
    refetchInterval: 15_000,
  })
  const told = query.data
  const nothing = told?.signals.every((each) => each.state === 'never') === true
  return (
    <Section
      title="Golden signals"
      aside={
        <>
          {told !== undefined && !nothing && (
            <button type="button" className="link-button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? 'Show as charts' : 'Show as table'}
            </button>
          )}
          <Choice
            label="Time of the signals"
            value={range}
            onChange={setRange}
            options={rangeNames.map((value) => ({ value, title: value }))}
          />
        </>
      }
    >
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {told !== undefined && nothing && (
        <Empty title="Nothing ever told of this service.">
          Send OpenTelemetry metrics with service.name {service} to /v1/metrics, or let a Prometheus write to
          /api/v1/write. That nothing is known does not mean that all is well.
        </Empty>
      )}
      {told !== undefined && !nothing && (asTable ? <SignalTable told={told} /> : <SignalCharts told={told} />)}
      {told !== undefined && !nothing && <p className="soft signal-bound">{told.bound}</p>}
      <ul className="signal-findings">
        {told?.findings.map((each) => (
          <li key={each.kind}>
            <StateMark tone="warning" word={`${plural(each.count, 'point')} left out`} /> {each.sentence}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function SignalCharts({ told }: { told: Told }) {
  const axis = { from: Date.parse(told.from), to: Date.parse(told.from) + told.points.length * told.stepMs }
  const { points } = told
  const charts = useMemo(() => chartsOf(points), [points])
  return (
    <div className="signal-grid">
      {charts.map((chart) => {
        const standing = told.signals.find((each) => each.signal === chart.signal)
        return (
          <figure key={chart.signal} className="signal-figure">
            <figcaption>
              <strong>{chart.title}</strong> <span className="soft">{chart.newest}</span>
            </figcaption>
            <Standing standing={standing} />
            {standing?.state !== 'never' && (
              <SignalChart
                label={`${chart.title}, in steps of ${windowText(told.stepMs)}. ${chart.newest}. ${gapWords(chart.told)}`}
                axis={axis}
                lines={chart.lines}
                told={chart.told}
                least={chart.least}
                scale={chart.scale}
              />
            )}
            {chart.legend !== null && standing?.state !== 'never' && (
              <p className="soft signal-legend">{chart.legend}</p>
            )}
          </figure>
        )
      })}
    </div>
  )
}

/** Only what is missing has to be said. */
function Standing({ standing }: { standing: SignalStanding | undefined }) {
  const now = useNow()
  if (standing === undefined || standing.state === 'told') return null
  return (
    <p className="signal-missing">
      <StateMark tone="unknown" word={standing.state === 'never' ? 'Never told' : 'Silent'} />{' '}
      <span className="soft">{localTimes(standing.sentence, now)}</span>
    </p>
  )
}

function gapWords(values: readonly (number | null)[]): string {
  const missing = values.filter((value) => value === null).length
  return missing === 0 ? 'No gaps.' : `${missing} of ${values.length} steps were not measured and are hatched.`
}

interface Chart {
  readonly signal: SignalStanding['signal']
  readonly title: string
  readonly newest: string
  readonly lines: readonly ChartLine[]
  /** Null where nobody told: no requests at all are an answer, too. */
  readonly told: readonly (number | null)[]
  readonly least: number
  readonly scale: (value: number) => string
  readonly legend: string | null
}

function chartsOf(points: readonly SignalPoint[]): readonly Chart[] {
  const traffic = newest(points, (each) => each.traffic)
  const errors = newest(points, (each) => each.errors)
  const latency = newest(points, (each) => each.latency)
  const saturation = newest(points, (each) => each.saturation)
  const latencyLine = (name: 'p50' | 'p90' | 'p99', kind: ChartLine['kind']): ChartLine => ({
    name,
    kind,
    values: points.map((each) => each.latency?.[name].seconds ?? each.latency?.[name].low ?? null),
  })
  return [
    {
      signal: 'traffic',
      title: 'Traffic',
      newest: traffic === null ? 'not measured' : `${rateText(traffic.perSecond)}`,
      lines: [{ name: 'traffic', kind: 'main', values: points.map((each) => each.traffic?.perSecond ?? null) }],
      told: points.map((each) => each.traffic?.requests ?? null),
      least: 0,
      scale: rateText,
      legend: null,
    },
    {
      signal: 'errors',
      title: 'Errors',
      newest:
        errors === null
          ? 'not measured'
          : errors.ratio === null
            ? 'no requests'
            : `${shareText(errors.ratio)} of requests`,
      lines: [
        {
          name: 'errors',
          kind: 'main',
          values: points.map((each) => each.errors?.ratio ?? null),
        },
      ],
      told: points.map((each) => each.errors?.count ?? null),
      least: 0.01,
      scale: (value) => shareText(value),
      legend: null,
    },
    {
      signal: 'latency',
      title: 'Latency',
      newest: latency === null ? 'not measured' : `p99 ${percentileText(latency.p99)}`,
      lines: [latencyLine('p99', 'main'), latencyLine('p90', 'second'), latencyLine('p50', 'third')],
      told: points.map((each) => (each.latency === null && each.traffic?.requests !== 0 ? null : 1)),
      least: 0,
      scale: secondsText,
      legend:
        latency === null
          ? 'Thick p99, thin p90, dotted p50.'
          : `Thick p99, thin p90 (${percentileText(latency.p90)}), dotted p50 (${percentileText(latency.p50)}).`,
    },
    {
      signal: 'saturation',
      title: 'Saturation',
      newest:
        saturation === null
          ? 'not measured'
          : `${resourceWords[saturation.of] ?? saturation.of} ${shareText(saturation.highest)} full`,
      lines: [{ name: 'saturation', kind: 'main', values: points.map((each) => each.saturation?.highest ?? null) }],
      told: points.map((each) => each.saturation?.highest ?? null),
      least: 1,
      scale: (value) => shareText(value),
      legend: 'The fullest of what was told: processor, memory, event loop, connections.',
    },
  ]
}

function SignalTable({ told }: { told: Told }) {
  const none = <span className="soft">not measured</span>
  return (
    <ChartTable
      caption={`Golden signals of ${told.service}, in steps of ${windowText(told.stepMs)}`}
      columns={['From', 'Requests', 'Errors', 'p50', 'p90', 'p99', 'Fullest']}
      height={420}
      rows={[...told.points]
        .reverse()
        .map((each) => [
          fullTime(Date.parse(each.start)),
          each.traffic === null
            ? none
            : `${numberText(each.traffic.requests)}${each.state === 'partial' ? ', in part' : ''}`,
          each.errors === null ? none : numberText(each.errors.count),
          each.latency === null ? none : percentileText(each.latency.p50),
          each.latency === null ? none : percentileText(each.latency.p90),
          each.latency === null ? none : percentileText(each.latency.p99),
          each.saturation === null
            ? none
            : `${resourceWords[each.saturation.of] ?? each.saturation.of} ${shareText(each.saturation.highest)}`,
        ])}
    />
  )
}
