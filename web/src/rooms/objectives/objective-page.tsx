// One objective: how bad, since when, what spent the budget, and what was declared.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Drawer } from '../../parts/drawer.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { numberText, ratioText, shareText, windowText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { Yaml } from '../../parts/yaml.tsx'
import { type ObjectiveDetail, objectives } from '../../shell/api.ts'
import { PoliciesOf } from '../../shell/policies-of.tsx'
import { ReviewOf } from '../../shell/review-of.tsx'
import { objectiveLook } from '../../shell/words.ts'
import { Burndown, BurnRate } from './burn-charts.tsx'
import { Ceiling } from './ceiling.tsx'
import { Corrections } from './corrections.tsx'
import { GroupLedger } from './group-ledger.tsx'
import { Groups } from './groups.tsx'
import { Ledger } from './ledger.tsx'
import { Periods } from './periods.tsx'
import { RawCounts } from './raw-counts.tsx'
import { Tiers } from './tiers.tsx'
import { Traffic } from './traffic.tsx'
import { useSeries } from './use-series.ts'
import { WhatIf } from './what-if.tsx'
import './objectives.css'

const evaluatedEveryMs = 15_000

type Panel = 'raw' | 'yaml' | 'what-if' | 'corrections'
type Range = 'window' | '7d' | '24h' | '6h'

export default function ObjectivePage() {
  const { name = '' } = useParams<{ name: string }>()
  const query = useQuery({
    queryKey: ['objectives', 'one', name],
    queryFn: ({ signal }) => objectives.read(name, signal),
    // Numbers move with every slice; only a changed state is announced.
    refetchInterval: evaluatedEveryMs,
  })
  const objective = query.data
  if (objective === undefined) {
    return (
      <>
        <PageHead title={name} crumb={{ title: 'Objectives', href: '/objectives' }} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  }
  return <Loaded objective={objective} />
}

function Loaded({ objective }: { objective: ObjectiveDetail }) {
  const look = objectiveLook(objective.state, objective.level)
  const [panel, setPanel] = useUrlState<'' | Panel>('panel', '')
  const [range, setRange] = useUrlState<Range>('range', 'window')
  const now = useNow()
  const minute = Math.ceil(now / 60_000) * 60_000
  const lengthMs = { window: objective.windowMs, '7d': 604_800_000, '24h': 86_400_000, '6h': 21_600_000 }[range]
  const span = { from: minute - (lengthMs ?? objective.windowMs), to: minute }
  const series = useSeries(objective.name, range, span)
  const toggle = (wanted: Panel) => setPanel(panel === wanted ? '' : wanted)
  useCommands([
    { id: 'objective.raw', title: 'Show good and bad counts', group: 'This page', keys: 'r', run: () => toggle('raw') },
    {
      id: 'objective.what-if',
      title: 'Try another definition on the past',
      group: 'This page',
      keys: 'w',
      run: () => toggle('what-if'),
    },
    {
      id: 'objective.correct',
      title: 'Correct a stretch of the past',
      group: 'This page',
      run: () => toggle('corrections'),
    },
    { id: 'page.yaml', title: 'Show the definition', group: 'This page', keys: 'y', run: () => toggle('yaml') },
  ])
  const { budget } = objective
  return (
    <>
      <PageHead
        title={objective.displayName}
        crumb={{ title: 'Objectives', href: '/objectives' }}
        sentence={objective.sentence}
        facts={
          <>
            <StateMark tone={look.tone} word={look.word} strong />
            <span>
              <strong>{ratioText(objective.target)}</strong> {objective.kind} over {windowText(objective.windowMs)}
            </span>
            <span>
              <Link href={`/services/${objective.service}`}>{objective.service}</Link>
              {objective.tier !== null && `, tier ${objective.tier}`}
            </span>
            {objective.asOf !== null && (
              <span>
                as of <Time at={objective.asOf} />
              </span>
            )}
          </>
        }
        actions={
          <>
            <Button variant="default" onClick={() => toggle('what-if')} rightSection={<kbd>w</kbd>}>
              What if
            </Button>
            <Button variant="default" onClick={() => toggle('corrections')}>
              Correct
            </Button>
            <Button variant="default" onClick={() => toggle('raw')} rightSection={<kbd>r</kbd>}>
              Counts
            </Button>
            <Button variant="default" onClick={() => toggle('yaml')} rightSection={<kbd>y</kbd>}>
              Definition
            </Button>
          </>
        }
      />
      <dl className="budget-figures">
        <div>
          <dt>Budget left</dt>
          <dd className="figure-big">{shareText(budget.remainingRatio)}</dd>
        </div>
        <div>
          <dt>Bad events spent</dt>
          <dd className="figure-big">{numberText(budget.spentBad)}</dd>
        </div>
        <div>
          <dt>Bad events allowed</dt>
          <dd className="figure-big">{numberText(budget.totalBad)}</dd>
        </div>
        {objective.exhaustion?.at != null && (
          <div>
            <dt>Gone at this rate</dt>
            <dd className="figure-big">
              <Time at={objective.exhaustion.at} show="relative" />
            </dd>
          </div>
        )}
      </dl>
      {panel === 'what-if' && <WhatIf objective={objective} onClose={() => setPanel('')} />}
      <Section
        title="Budget over time"
        aside={
          <Choice
            label="Time shown"
            value={range}
            onChange={setRange}
            options={[
              { value: 'window', title: windowText(objective.windowMs) },
              { value: '7d', title: '7 d' },
              { value: '24h', title: '24 h' },
              { value: '6h', title: '6 h' },
            ]}
          />
        }
      >
        <ProblemNote error={series.error} retry={() => void series.refetch()} />
        {series.isPending && <SkeletonRows rows={5} height={44} />}
        {series.since !== null && (
          <p className="soft">
            Measured since <Time at={new Date(series.since).toISOString()} />.
          </p>
        )}
        {series.data !== undefined && (
          <div className="halves">
            <div>
              <h3>Budget left</h3>
              <Burndown points={series.data.points} name={objective.displayName} />
            </div>
            <div>
              <h3>Burn rate</h3>
              <BurnRate points={series.data.points} tiers={objective.tiers} />
            </div>
          </div>
        )}
      </Section>
      <Tiers tiers={objective.tiers} />
      <Traffic traffic={objective.traffic} />
      {objective.groupedBy.length > 0 && <Groups name={objective.name} />}
      <PoliciesOf subject="objective" name={objective.name} />
      <ReviewOf subject="objective" name={objective.name} title={objective.displayName} />
      {objective.period != null && <Periods name={objective.name} />}
      <Ledger name={objective.name} budget={budget} />
      {objective.groupedBy.length > 0 && <GroupLedger name={objective.name} />}
      {objective.kind === 'availability' && <Ceiling name={objective.name} />}
      {panel === 'raw' && (
        <Drawer title="Good and bad counts" onClose={() => setPanel('')}>
          <RawCounts name={objective.name} from={span.from} to={span.to} />
        </Drawer>
      )}
      {panel === 'corrections' && (
        <Drawer title="Corrections" onClose={() => setPanel('')}>
          <Corrections name={objective.name} now={minute - 60_000} />
        </Drawer>
      )}
      {panel === 'yaml' && (
        <Drawer title="Definition" onClose={() => setPanel('')}>
          <Yaml value={objective.definition} />
        </Drawer>
      )}
    </>
  )
}
