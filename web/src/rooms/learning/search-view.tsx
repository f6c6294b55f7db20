// Search over everything ever learnt; what was found stands in the words around it.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type LearntHit, learning } from '../../shell/learning-api.ts'

type Kind = LearntHit['kind'] | 'any'
const kinds = [
  { value: 'any', title: 'All' },
  { value: 'incident', title: 'Incidents' },
  { value: 'postmortem', title: 'Postmortems' },
  { value: 'action', title: 'Actions' },
  { value: 'problem', title: 'Problems' },
] as const

export function SearchView() {
  const [typed, setTyped] = useUrlState('q', '')
  const [given, setKind] = useUrlState<Kind>('kind', 'any')
  const [name, setName] = useUrlState('class', '')
  const kind = kinds.find((each) => each.value === given)?.value ?? 'any'
  const classes = useQuery({
    queryKey: ['learning', 'classes'],
    queryFn: ({ signal }) => learning.classes(signal),
  }).data?.classes
  // As long as the server takes it, and no half of a character at its end.
  const wanted = typed
    .trim()
    .slice(0, 300)
    .replace(/[\ud800-\udbff]$/, '')
  const query = useQuery({
    queryKey: ['learning', 'search', wanted, kind, name],
    queryFn: ({ signal }) =>
      learning.search(
        { q: wanted, ...(kind === 'any' ? {} : { kind }), ...(name === '' ? {} : { class: name }) },
        signal,
      ),
    enabled: wanted !== '',
    placeholderData: keepPreviousData,
  })
  const items = wanted === '' ? [] : (query.data?.items ?? [])
  return (
    <>
      <div className="toolbar">
        <FilterField value={typed} onChange={setTyped} label="Search everything learnt" />
        <Choice label="What" options={kinds} value={kind} onChange={setKind} />
        <SelectField title="Class" value={name} onChange={(event) => setName(event.currentTarget.value)}>
          <option value="">All</option>
          {classes?.map((each) => (
            <option key={each.name} value={each.name}>
              {each.title}
            </option>
          ))}
        </SelectField>
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isLoading && <SkeletonRows rows={5} height={56} />}
      {wanted === '' && (
        <Empty title="What is it about?" command="mainstay learning search pool exhausted">
          Incidents, postmortems with their factors and lessons, corrective actions, problems and workarounds. Every
          word must occur, of three letters or more its beginning is enough; "words together", -without.
        </Empty>
      )}
      {wanted !== '' && query.data !== undefined && (
        <Found items={items} more={query.data.more} capped={query.data.capped} behind={query.data.behind} />
      )}
    </>
  )
}

function Found({ items, more, capped, behind }: Awaited<ReturnType<typeof learning.search>>) {
  return (
    <>
      {items.length === 0 ? (
        <Empty title="Nothing speaks of that.">Every word must stand in one text: try fewer of them.</Empty>
      ) : (
        <ul className="learn-list" aria-label="Found">
          {items.map((hit) => (
            <Line key={`${hit.kind} ${hit.id} ${hit.number}`} hit={hit} />
          ))}
        </ul>
      )}
      {more && !capped && <p className="soft">There are more, older ones: narrow it by another word.</p>}
      {capped && (
        <p className="soft">
          So many texts have these words that not all older ones were looked at: narrow it by another word.
        </p>
      )}
      {behind && <p className="soft">Older texts are still being read after an upgrade: look again later.</p>}
    </>
  )
}

const addresses: Readonly<Record<LearntHit['kind'], (id: string) => string>> = {
  incident: (id) => `/incidents/${id}`,
  postmortem: (id) => `/postmortems/${id}`,
  action: (id) => `/postmortems/${id}`,
  problem: (id) => `/learning/problems/${id}`,
}
const names: Readonly<Record<LearntHit['kind'], string>> = {
  incident: 'Incident',
  postmortem: 'Postmortem',
  action: 'Action',
  problem: 'Problem',
}

function Line({ hit }: { hit: LearntHit }) {
  return (
    <li>
      <p>
        <span className="soft">
          {names[hit.kind]} {hit.number}
          {hit.part !== '' && `, ${hit.part.replaceAll('-', ' ')}`}
        </span>{' '}
        <Link href={addresses[hit.kind](hit.id)}>
          <strong>{hit.title}</strong>
        </Link>{' '}
        <span className="soft">
          <Time at={hit.at} />
        </span>
      </p>
      <p>
        {hit.pieces.map((piece, index) =>
          // Pieces of a text have no name but their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          piece.hit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
        )}
      </p>
    </li>
  )
}
