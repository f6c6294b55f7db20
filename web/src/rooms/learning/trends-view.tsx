// Incidents by month, class, service and team, with what the figures leave out.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Figures } from '../../parts/figures.tsx'
import { durationText, plural, shareText } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type LearningTrends, learning } from '../../shell/learning-api.ts'
import { TallyTable } from './tally-table.tsx'

const lengths = [
  { value: '3', title: 'Three months' },
  { value: '12', title: 'A year' },
  { value: '36', title: 'Three years' },
] as const
type Length = (typeof lengths)[number]['value']

/** The first of the month so many months ago, in UTC: the same all month. */
function monthsAgo(months: number): string {
  const now = new Date(presentMs())
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months + 1, 1)).toISOString()
}

export function TrendsView() {
  const [length, setLength] = useUrlState<Length>('months', '12')
  const [service, setService] = useUrlState('service', '')
  const [team, setTeam] = useUrlState('team', '')
  const known = lengths.find((each) => each.value === length)?.value ?? '12'
  const from = monthsAgo(Number(known))
  const query = useQuery({
    queryKey: ['learning', 'trends', from, service, team],
    queryFn: ({ signal }) =>
      learning.trends({ from, ...(service === '' ? {} : { service }), ...(team === '' ? {} : { team }) }, signal),
    placeholderData: keepPreviousData,
  })
  const { data } = query
  return (
    <>
      <div className="toolbar">
        <Choice label="How far back" options={lengths} value={known} onChange={setLength} />
        {data !== undefined && (
          <>
            <Narrow title="Service" value={service} names={data.byService} onChange={setService} />
            <Narrow title="Team" value={team} names={data.byTeam} onChange={setTeam} />
          </>
        )}
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {data !== undefined && data.totals.incidents === 0 && (
        <Empty title="No incident in this time." command="mainstay learning trends" />
      )}
      {data !== undefined && data.totals.incidents > 0 && <Told trends={data} />}
    </>
  )
}

function Narrow({
  title,
  value,
  names,
  onChange,
}: {
  title: string
  value: string
  names: readonly { readonly name: string }[]
  onChange: (name: string) => void
}) {
  const known = names.map((each) => each.name)
  return (
    <SelectField title={title} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">All</option>
      {value !== '' && !known.includes(value) && <option value={value}>{value}</option>}
      {known.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}

function Told({ trends }: { trends: LearningTrends }) {
  const classes = useQuery({
    queryKey: ['learning', 'classes'],
    queryFn: ({ signal }) => learning.classes(signal),
  }).data?.classes
  const titleOf = (name: string) => classes?.find((each) => each.name === name)?.title ?? name
  const { totals } = trends
  const named = (rows: LearningTrends['byTeam']) => rows.map((each) => ({ ...each, title: each.name }))
  return (
    <>
      <Figures figures={figuresOf(totals)} />
      <p className="tally-key" aria-hidden="true">
        <span>Incidents</span>
        <span className="of-repeats">of them repeats</span>
      </p>
      <Section title="By month">
        <TallyTable
          label="Incidents by month"
          what="Month"
          rows={trends.months.map((each) => ({ ...each, name: each.month, title: each.month }))}
        />
      </Section>
      <Section title="By class of failure" aside={`${totals.classified} of ${totals.incidents} are classified`}>
        {trends.byClass.length === 0 ? (
          <p className="soft">None is classified: it is said on the tab Related of an incident.</p>
        ) : (
          <TallyTable
            label="Incidents by class of failure"
            what="Class"
            rows={trends.byClass.map((each) => ({ ...each, title: titleOf(each.name) }))}
          />
        )}
      </Section>
      <Section title="By service">
        <TallyTable label="Incidents by service" what="Service" rows={named(trends.byService)} />
      </Section>
      <Section title="By team">
        <TallyTable label="Incidents by team" what="Team" rows={named(trends.byTeam)} />
      </Section>
      <Section title="Small print">
        <ul className="prose">
          {trends.smallPrint.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </Section>
    </>
  )
}

export function figuresOf(totals: LearningTrends['totals']) {
  const { timeToMitigate, timeToDetect, timeToAcknowledge, timeToResolve, timeToFirstUpdate } = totals
  return [
    ['Incidents', String(totals.incidents), plural(totals.repeats, 'repeat')],
    ['Repeat rate', shareText(totals.repeatRate), 'confirmed by a person'],
    ['Of a change', String(totals.ofChanges), `of ${totals.classified} classified`],
    medianFigure('Time to detect', timeToDetect),
    medianFigure('Time to acknowledge', timeToAcknowledge),
    medianFigure('Time to first update', timeToFirstUpdate),
    medianFigure('Time to mitigate', timeToMitigate),
    medianFigure('Time to resolve', timeToResolve),
  ] as const
}

function medianFigure(title: string, { medianMs, known }: LearningTrends['totals']['timeToDetect']) {
  return [title, medianMs === null ? 'not known' : durationText(medianMs), `median of ${known}`] as const
}
