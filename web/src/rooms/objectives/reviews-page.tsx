// Objectives and journeys somebody should look at: reviews that are due, promises that end.

import type { ObjectiveTerms } from '../../../../client/src/operations.gen.ts'
import { Choice } from '../../parts/choice.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { usePaged } from '../../shell/paged.ts'
import { listReviews, type ReviewFilter } from '../../shell/review-api.ts'
import { termsLook } from '../../shell/review-words.ts'

const filters: readonly { readonly value: ReviewFilter; readonly title: string }[] = [
  { value: 'open', title: 'To be looked at' },
  { value: 'overdue', title: 'Overdue' },
  { value: 'expired', title: 'Expired' },
  { value: 'all', title: 'All' },
]

const titleOf = ({ subject, displayName }: ObjectiveTerms): string =>
  subject === 'journey' ? `Journey: ${displayName}` : displayName

const ownerText = ({ owner, everyText }: ObjectiveTerms): string =>
  owner === null ? (everyText === null ? '–' : 'nobody') : owner.kind === 'team' ? `team ${owner.name}` : owner.name

function Mark({ row }: { row: ObjectiveTerms }) {
  const look = termsLook(row) ?? { tone: 'ok' as const, word: 'Not due' }
  return <StateMark tone={look.tone} word={look.word} />
}

const columns: readonly Column<ObjectiveTerms>[] = [
  { id: 'state', title: 'State', track: '176px', cell: (row) => <Mark row={row} /> },
  { id: 'owner', title: 'Asked of', track: 'minmax(90px, 1fr)', cell: ownerText },
  { id: 'due', title: 'Review by', track: '104px', cell: (row) => row.dueOn ?? '–' },
  {
    id: 'expires',
    title: 'Expires',
    track: '150px',
    cell: (row) => (row.expiresAt === null ? '–' : <Time at={row.expiresAt} show="clock" />),
    from: 980,
  },
  {
    id: 'last',
    title: 'Last review',
    track: '130px',
    cell: (row) => (row.lastReviewedAt === null ? 'never' : <Time at={row.lastReviewedAt} show="relative" />),
    from: 860,
  },
]

export default function ReviewsPage() {
  const [state, setState] = useUrlState<ReviewFilter>('state', 'open')
  const { query, rows, onEnd } = usePaged<ObjectiveTerms>({
    key: ['objectives', 'reviews', state],
    read: (page, signal) => listReviews(state, page, signal),
    everyMs: 300_000,
  })
  return (
    <>
      <PageHead
        title="Reviews"
        crumb={{ title: 'Objectives', href: '/objectives' }}
        sentence="Which promises somebody should look at again, soonest first."
      />
      <div className="toolbar">
        <Choice label="Which" value={state} onChange={setState} options={filters} />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {query.data !== undefined && rows.length === 0 && state !== 'all' && (
        <Empty title={state === 'open' ? 'No promise is to be looked at.' : 'No promise matches this filter.'} />
      )}
      {query.data !== undefined && rows.length === 0 && state === 'all' && (
        <Empty title="No promise says when it is looked at again." command="mainstay apply -f slo.yaml">
          Annotate an SLO or a JourneyObjective with mainstay.dev/review-every: 3M, and its team is asked every three
          months whether its promise is still the right one. With mainstay.dev/expires-at it ends by itself.
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Promises to be looked at"
          rows={rows}
          idOf={(row) => `${row.subject} ${row.objective}`}
          href={(row) => `/${row.subject}s/${row.objective}`}
          lead={{ title: 'Promise', track: 'minmax(160px, 2fr)', cell: titleOf }}
          columns={columns}
          onEnd={onEnd}
          compactHeight={72}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{titleOf(row)}</span>
                <Mark row={row} />
              </span>
              <span className="compact-sub">
                <span className="grow">
                  {ownerText(row)}
                  {row.dueOn !== null && `, by ${row.dueOn}`}
                </span>
              </span>
            </>
          )}
        />
      )}
    </>
  )
}
