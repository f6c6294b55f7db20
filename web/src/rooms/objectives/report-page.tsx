// What objectives attained in a period: a page to read, to print and to take along.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { formatInZone, numberText, plural, shareText } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type Report, type ReportQuery, reports } from '../../shell/policy-api.ts'
import './objectives.css'

type Kind = Report['period']['kind']

const looks = {
  met: { tone: 'ok', word: 'Met' },
  missed: { tone: 'critical', word: 'Missed' },
  unknown: { tone: 'unknown', word: 'Not known' },
} as const

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

export default function ReportPage() {
  const [period, setPeriod] = useUrlState<Kind>('period', 'month')
  const [ago, setAgo] = useUrlState<string>('ago', '0')
  const [team] = useUrlState('team', '')
  const [service] = useUrlState('service', '')
  const back = Math.min(60, Math.max(0, Number.parseInt(ago, 10) || 0))
  const asked: ReportQuery = {
    period,
    zone,
    ...(back > 0 ? { ago: back } : {}),
    ...(team === '' ? {} : { team }),
    ...(service === '' ? {} : { service }),
  }
  const query = useQuery({
    queryKey: ['objectives', 'report', asked],
    queryFn: ({ signal }) => reports.read(asked, signal),
    placeholderData: (before) => before,
  })
  const report = query.data
  return (
    <>
      <PageHead
        title="What was attained"
        crumb={{ title: 'Objectives', href: '/objectives' }}
        {...(report === undefined ? {} : { sentence: sentenceOf(report) })}
        actions={
          <span className="report-actions">
            <Button component="a" variant="default" href={reports.csvAddress(asked)} download>
              CSV
            </Button>
            <Button variant="default" onClick={() => window.print()}>
              Print
            </Button>
          </span>
        }
      />
      <div className="toolbar report-actions">
        <Choice
          label="Period"
          value={period}
          onChange={(kind) => {
            setPeriod(kind)
            setAgo('0')
          }}
          options={[
            { value: 'week', title: 'Week' },
            { value: 'month', title: 'Month' },
            { value: 'quarter', title: 'Quarter' },
            { value: 'year', title: 'Year' },
            { value: 'trailing', title: 'Last 30 days' },
          ]}
        />
        <Button variant="default" size="compact-md" disabled={back >= 60} onClick={() => setAgo(String(back + 1))}>
          Earlier
        </Button>
        <Button variant="default" size="compact-md" disabled={back === 0} onClick={() => setAgo(String(back - 1))}>
          Later
        </Button>
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {report !== undefined && (
        <>
          {report.notes.map((note) => (
            <p className="soft" key={note}>
              {note}
            </p>
          ))}
          <Groups title="Teams" word="Team" groups={report.teams} none="Without a team" />
          <Groups title="Tiers" word="Tier" groups={report.tiers} none="Without a tier" />
          <Groups title="Services" word="Service" groups={report.services} none="" />
          <Rows rows={report.rows} />
        </>
      )}
    </>
  )
}

function sentenceOf({ period, total }: Report): string {
  const day = (at: string) =>
    formatInZone(Date.parse(at), { day: 'numeric', month: 'long', year: 'numeric' }, period.zone)
  const last = new Date(Date.parse(period.end) - 1).toISOString()
  const counts = `${total.met} met, ${total.missed} missed, ${total.unknown} not known`
  return `${day(period.start)} to ${day(last)}, ${period.zone}: of ${plural(total.objectives, 'objective')} ${counts}.`
}

const minutes = (value: number) => numberText(value)

function Groups({ title, word, groups, none }: { title: string; word: string; groups: Report['teams']; none: string }) {
  if (groups.length === 0) return null
  return (
    <Section title={title}>
      <ScrollX label={title}>
        <table className="plain-table tiers">
          <thead>
            <tr>
              <th scope="col">{word}</th>
              {['Objectives', 'Met', 'Missed', 'Not known', 'Failed, min', 'Not known, min', 'Pages'].map((head) => (
                <th scope="col" className="end" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.key}>
                <th scope="row">{group.key === '' ? none : group.key}</th>
                <td className="end">{group.objectives}</td>
                <td className="end">{group.met}</td>
                <td className="end">{group.missed}</td>
                <td className="end">{group.unknown}</td>
                <td className="end">{minutes(group.badMinutes)}</td>
                <td className="end">{minutes(group.unknownMinutes)}</td>
                <td className="end">{group.pages}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Section>
  )
}

function Rows({ rows }: { rows: Report['rows'] }) {
  return (
    <Section title="Objectives">
      {rows.length === 0 && <Empty title="No objective is declared, or none is asked for." />}
      {rows.length > 0 && (
        <ScrollX label="Objectives">
          <table className="plain-table tiers">
            <thead>
              <tr>
                <th scope="col">Objective</th>
                <th scope="col">Verdict</th>
                {['Promised', 'Attained', 'Good', 'Bad', 'Failed, min', 'Not known, min', 'Measured'].map((head) => (
                  <th scope="col" className="end" key={head}>
                    {head}
                  </th>
                ))}
                <th scope="col">Service</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.objective}>
                  <th scope="row">
                    <Link href={`/objectives/${row.objective}`}>{row.displayName}</Link>
                  </th>
                  <td>
                    <StateMark {...looks[row.verdict]} />
                  </td>
                  <td className="end">{row.targetText} %</td>
                  <td className="end">{row.attainedText}</td>
                  <td className="end">{numberText(row.good)}</td>
                  <td className="end">{numberText(row.bad)}</td>
                  <td className="end">{minutes(row.badMinutes)}</td>
                  <td className="end">{minutes(row.unknownMinutes)}</td>
                  <td className="end">{shareText(row.measuredRatio)}</td>
                  <td>{row.service}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Section>
  )
}
