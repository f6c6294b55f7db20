// What alerts cost and what they were worth, by rule, service or team: where quiet is to be gained.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { AlertQuality, AlertQualityRow } from '../../../../client/src/index.ts'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { type Figure, Figures } from '../../parts/figures.tsx'
import { durationText, numberText, shareText, validZone } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { alerts } from '../../shell/api.ts'
import './alerts.css'

type Key = 'rule' | 'service' | 'team'
type Days = '7' | '30' | '90'
type Sort = 'pagesForNothing' | 'pages' | 'pagesAfterHours' | 'selfHealed' | 'openMs' | 'alerts'

const dayMs = 86_400_000
const keys: readonly Key[] = ['rule', 'service', 'team']
const spans: readonly Days[] = ['7', '30', '90']
const keyTitles: Readonly<Record<Key, string>> = { rule: 'Rule', service: 'Service', team: 'Team' }

export default function NoisePage() {
  const [givenBy, setBy] = useUrlState<Key>('by', 'rule')
  const [givenDays, setDays] = useUrlState<Days>('days', '30')
  const by = keys.find((each) => each === givenBy) ?? 'rule'
  const days = spans.find((each) => each === givenDays) ?? '30'
  const query = useQuery({
    queryKey: ['alerts', 'quality', by, days],
    queryFn: ({ signal }) =>
      alerts.quality(
        {
          by,
          zone: validZone(Intl.DateTimeFormat().resolvedOptions().timeZone),
          limit: 200,
          from: new Date(presentMs() - Number(days) * dayMs).toISOString(),
        },
        signal,
      ),
    placeholderData: (before) => before,
  })
  return (
    <>
      <PageHead
        title="Noise"
        crumb={{ title: 'Alerts', href: '/alerts' }}
        sentence="What woke people for nothing, what heals by itself, and what nobody knows how to mend."
      />
      <div className="toolbar">
        <Choice
          label="Count by"
          value={by}
          onChange={setBy}
          options={[
            { value: 'rule', title: 'Rules' },
            { value: 'service', title: 'Services' },
            { value: 'team', title: 'Teams' },
          ]}
        />
        <Choice
          label="Span"
          value={days}
          onChange={setDays}
          options={[
            { value: '7', title: '7 days' },
            { value: '30', title: '30 days' },
            { value: '90', title: '90 days' },
          ]}
        />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {query.data !== undefined && query.data.total.alerts === 0 && (
        <Empty title="No alert in that time.">Alerts are counted here from their first signal on.</Empty>
      )}
      {query.data !== undefined && query.data.total.alerts > 0 && (
        <>
          <Total quality={query.data} />
          <Worst quality={query.data} />
        </>
      )}
      {query.data !== undefined && query.data.quiet.length > 0 && <Quiet quiet={query.data.quiet} />}
    </>
  )
}

const shareOf = (part: number, of: number): string => (of === 0 ? '–' : shareText(part / of))

function Total({ quality: { total } }: { quality: AlertQuality }) {
  const figures: readonly Figure[] = [
    ['Pages', numberText(total.pages), `of ${numberText(total.alerts)} alerts`],
    ['For nothing', numberText(total.pagesForNothing), `${shareOf(total.pagesForNothing, total.pages)} of the pages`],
    ['After hours', numberText(total.pagesAfterHours), 'outside Mon–Fri, 8 to 18 by your clock'],
    ['Healed alone', shareOf(total.selfHealed, total.ended), 'over before anybody answered'],
    ['With a runbook', shareOf(total.criticalWithRunbook, total.critical), `of ${numberText(total.critical)} critical`],
    ['With a team', shareOf(total.criticalWithTeam, total.critical), 'of the critical ones'],
  ]
  return <Figures figures={figures} />
}

const columns: readonly { readonly sort: Sort; readonly title: string }[] = [
  { sort: 'pagesForNothing', title: 'For nothing' },
  { sort: 'pages', title: 'Pages' },
  { sort: 'pagesAfterHours', title: 'After hours' },
  { sort: 'selfHealed', title: 'Healed alone' },
  { sort: 'openMs', title: 'Open' },
  { sort: 'alerts', title: 'Alerts' },
]

function Worst({ quality }: { quality: AlertQuality }) {
  const [sort, setSort] = useState<Sort>('pagesForNothing')
  const rows = [...quality.items].sort((a, b) => b[sort] - a[sort] || b.alerts - a.alerts)
  const most = Math.max(1, ...rows.map((row) => row.pages))
  return (
    <ScrollX label="Alerts counted">
      <table className="plain-table noise-table">
        <thead>
          <tr>
            <th scope="col">{keyTitles[quality.by]}</th>
            {columns.map((column) => (
              <th
                key={column.sort}
                scope="col"
                className="end"
                aria-sort={sort === column.sort ? 'descending' : 'none'}
              >
                <button type="button" className="link-button" onClick={() => setSort(column.sort)}>
                  {column.title}
                  {sort === column.sort ? ' ↓' : ''}
                </button>
              </th>
            ))}
            <th scope="col" className="end">
              Runbook
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name ?? ''} row={row} by={quality.by} most={most} />
          ))}
        </tbody>
      </table>
      {quality.more && <p className="soft">The {rows.length} worst; `mainstay alerts quality` lists more.</p>}
    </ScrollX>
  )
}

function Row({ row, by, most }: { row: AlertQualityRow; by: Key; most: number }) {
  const useful = row.pages - row.pagesForNothing
  return (
    <tr>
      <th scope="row">
        {row.name === null ? (
          <span className="soft">No {by}</span>
        ) : (
          <Link href={`/alerts?status=all&${by}=${encodeURIComponent(row.name)}`}>{row.name}</Link>
        )}
        <span className="noise-bar" aria-hidden="true">
          <span data-tone="nothing" style={{ width: `${(row.pagesForNothing / most) * 100}%` }} />
          <span data-tone="useful" style={{ width: `${(useful / most) * 100}%` }} />
        </span>
      </th>
      <td className="end">
        {numberText(row.pagesForNothing)} <span className="soft">{shareOf(row.pagesForNothing, row.pages)}</span>
      </td>
      <td className="end">{numberText(row.pages)}</td>
      <td className="end">{numberText(row.pagesAfterHours)}</td>
      <td className="end">{shareOf(row.selfHealed, row.ended)}</td>
      <td className="end">{durationText(row.openMs)}</td>
      <td className="end">{numberText(row.alerts)}</td>
      <td className="end">{shareOf(row.criticalWithRunbook, row.critical)}</td>
    </tr>
  )
}

function Quiet({ quiet }: { quiet: AlertQuality['quiet'] }) {
  return (
    <Section
      title="Not for 90 days"
      aside={<span className="soft">Still needed? A rule nobody hears is never tested.</span>}
    >
      <ul className="rows">
        {quiet.map(({ rule, lastAt }) => (
          <li key={rule}>
            <span className="grow">
              <Link href={`/alerts?status=all&rule=${encodeURIComponent(rule)}`}>{rule}</Link>
            </span>
            <span className="soft">
              <Time at={lastAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
