// The library of postmortems, and beside it the board of what follows from them.

import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { actions, type PostmortemSummary, postmortems } from '../../shell/response-api.ts'
import { TicketsOfActions } from '../../shell/tickets-of-actions.tsx'
import { ActionRow } from './action-row.tsx'
import { Agenda } from './agenda.tsx'
import { stateWord } from './words.ts'
import './postmortems.css'

type View = 'postmortems' | 'agenda' | 'unfinished' | 'overdue' | 'proven'

export default function LibraryPage() {
  const [view, setView] = useUrlState<View>('view', 'postmortems')
  const [search, setSearch] = useUrlState('search', '')
  return (
    <>
      <PageHead title="Postmortems" sentence="What failures taught, and whether what was done about it holds." />
      <div className="toolbar">
        <Choice
          label="Show"
          value={view}
          onChange={setView}
          options={[
            { value: 'postmortems', title: 'Library' },
            { value: 'agenda', title: 'In review' },
            { value: 'unfinished', title: 'Actions to do' },
            { value: 'overdue', title: 'Overdue' },
            { value: 'proven', title: 'Proven' },
          ]}
        />
        {view === 'postmortems' && <FilterField value={search} onChange={setSearch} label="Search postmortems" />}
      </div>
      {view === 'postmortems' ? <Library search={search} /> : view === 'agenda' ? <Agenda /> : <Board state={view} />}
    </>
  )
}

function Library({ search }: { search: string }) {
  const query = useQuery({
    queryKey: ['postmortems', 'list', search],
    queryFn: ({ signal }) => postmortems.list({ limit: 200, ...(search === '' ? {} : { search }) }, signal),
  })
  const items = query.data?.items ?? []
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {query.data !== undefined && items.length === 0 && (
        <Empty title={search === '' ? 'No postmortem yet.' : 'None speaks of that.'}>
          They open by themselves when a severe incident is resolved, and on request in its room.
        </Empty>
      )}
      <ul className="rows stacks">
        {items.map((each) => (
          <Row key={each.id} postmortem={each} />
        ))}
      </ul>
      {query.data !== undefined && query.data.nextCursor !== null && (
        <p className="soft">The newest 200; search finds older ones.</p>
      )}
    </>
  )
}

function Row({ postmortem }: { postmortem: PostmortemSummary }) {
  const { open, proving, proven } = postmortem.actions
  const tone = postmortem.overdue ? 'warning' : postmortem.status === 'published' ? 'ok' : 'info'
  return (
    <li>
      <StateMark tone={tone} word={stateWord(postmortem)} />
      <div className="grow">
        <Link href={`/postmortems/${postmortem.id}`}>
          <strong>{postmortem.title}</strong>
        </Link>
        <p className="soft">
          INC-{postmortem.incident.number}, {postmortem.severity}
          {postmortem.services.length > 0 && `, ${postmortem.services.join(', ')}`}
          {postmortem.owner !== null && (
            <>
              , <PersonName name={postmortem.owner} />
            </>
          )}
          . Actions: {open} open, {proving} being proven, {proven} proven.
        </p>
      </div>
      <span className="soft">
        {postmortem.publishedAt === null ? (
          <>
            due <Time at={postmortem.dueAt} />
          </>
        ) : (
          <Time at={postmortem.publishedAt} />
        )}
      </span>
    </li>
  )
}

function Board({ state }: { state: Exclude<View, 'postmortems' | 'agenda'> }) {
  const [sort, setSort] = useUrlState<'due' | 'priority'>('sort', 'due')
  const query = useQuery({
    queryKey: ['postmortems', 'actions', state, sort],
    queryFn: ({ signal }) => actions.list({ state, limit: 500, sort }, signal),
  })
  const items = query.data?.items ?? []
  return (
    <>
      <div className="toolbar">
        <Choice
          label="Sort"
          value={sort}
          onChange={setSort}
          options={[
            { value: 'due', title: 'Due first' },
            { value: 'priority', title: 'Most risk for the work' },
          ]}
        />
      </div>
      {state === 'unfinished' && <Ageing />}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {query.data !== undefined && items.length === 0 && <Empty title="None." />}
      <TicketsOfActions actions={items.map((each) => each.id)}>
        <ul className="rows stacks">
          {items.map((each) => (
            <ActionRow key={each.id} action={each} withPostmortem />
          ))}
        </ul>
      </TicketsOfActions>
      {query.data !== undefined && query.data.nextCursor !== null && (
        <p className="soft">
          {sort === 'due' ? 'The 500 that are due first.' : 'The 500 with the most risk for the work.'}
        </p>
      )}
    </>
  )
}

function Ageing() {
  const buckets = useQuery({
    queryKey: ['postmortems', 'ageing'],
    queryFn: ({ signal }) => actions.ageing(signal),
  }).data?.buckets
  const old = buckets?.filter((each) => each.actions > 0) ?? []
  if (old.length === 0) return null
  return (
    <p className="soft">
      Agreed and not done:{' '}
      {old
        .map((each) => `${each.actions} for ${each.bucket}${each.overdue > 0 ? ` (${each.overdue} overdue)` : ''}`)
        .join(', ')}
      .
    </p>
  )
}
