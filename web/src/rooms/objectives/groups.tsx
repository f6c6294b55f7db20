// The groups of an objective, who spends most first, with sums that add up to the whole.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { burnText, numberText, shareText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type GroupSort, type ObjectiveGroup, type ObjectiveGroups, objectiveRoom } from '../../shell/objective-api.ts'
import { objectiveLook } from '../../shell/words.ts'

const firstRows = 10
const mostRows = 500

export function Groups({ name }: { name: string }) {
  const [search, setSearch] = useUrlState('group', '')
  const [sort, setSort] = useUrlState<GroupSort>('groups', 'spent')
  const [all, setAll] = useUrlState<'' | 'all'>('show', '')
  const limit = all === 'all' ? mostRows : firstRows
  const query = useQuery({
    queryKey: ['objectives', 'groups', name, search, sort, limit],
    queryFn: ({ signal }) => objectiveRoom.groups(name, { ...(search === '' ? {} : { search }), sort, limit }, signal),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  })
  const { data } = query
  return (
    <Section
      title="Groups"
      aside={
        <Choice
          label="Order of groups"
          value={sort}
          onChange={setSort}
          options={[
            { value: 'spent', title: 'Most failures' },
            { value: 'remaining', title: 'Least budget' },
            { value: 'name', title: 'Name' },
          ]}
        />
      }
    >
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {data !== undefined && <p className="soft">{words(data)}</p>}
      <div className="toolbar">
        <FilterField label="Find a group" value={search} onChange={setSearch} />
      </div>
      {query.isPending && <SkeletonRows rows={5} />}
      {data?.items.length === 0 && (
        <Empty title={search === '' ? 'Nothing was counted of any group yet.' : `No group is called “${search}”.`} />
      )}
      {data !== undefined && data.items.length > 0 && <GroupTable groups={data} whole={search === ''} />}
      {data?.nextCursor != null && all === '' && (
        <p className="first-few">
          <button type="button" className="link-button" onClick={() => setAll('all')}>
            Show {data.groups > mostRows ? `${mostRows} of ${numberText(data.groups)}` : 'all'} groups
          </button>
        </p>
      )}
    </Section>
  )
}

function words({ sentence, alerts }: ObjectiveGroups): string {
  return alerts === null
    ? `${sentence} People are told of the whole objective alone.`
    : `${sentence} A group with at least ${numberText(alerts.leastEvents)} events in a tier’s long window is told of by itself.`
}

function GroupTable({ groups, whole }: { groups: ObjectiveGroups; whole: boolean }) {
  const { items, sums } = groups
  return (
    <ScrollX label="Groups">
      <table className="plain-table tiers">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Group</th>
            <th scope="col" className="end">
              Own budget left
            </th>
            <th scope="col" className="end">
              Burn
            </th>
            <th scope="col" className="end">
              Good
            </th>
            <th scope="col" className="end">
              Bad
            </th>
            <th scope="col" className="end">
              Share of all bad
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((each) => (
            <Row key={each.name} group={each} />
          ))}
        </tbody>
        {whole && (
          <tfoot>
            <Sum title={`All ${numberText(groups.groups)} groups`} counts={sums.groups} />
            {sums.before.good + sums.before.bad > 0 && <Sum title="Before there were groups" counts={sums.before} />}
            <Sum title="The whole objective" counts={sums.whole} />
          </tfoot>
        )}
      </table>
    </ScrollX>
  )
}

function Row({ group }: { group: ObjectiveGroup }) {
  const look = objectiveLook(group.state, group.level)
  return (
    <tr>
      <td>
        <StateMark tone={look.tone} word={look.word} strong={group.state === 'burning'} />
      </td>
      <th scope="row" className="group-name">
        {group.name}
        {group.sentence !== '' && <span className="soft group-sentence">{group.sentence}</span>}
      </th>
      <td className="end">{shareText(group.remainingRatio)}</td>
      <td className="end">{burnText(group.burnRate)}</td>
      <td className="end">{numberText(group.good)}</td>
      <td className="end">{numberText(group.bad)}</td>
      <td className="end">
        <span className="share-bar" aria-hidden="true">
          <span style={{ width: `${group.badShare * 100}%` }} />
        </span>
        {shareText(group.badShare)}
      </td>
    </tr>
  )
}

function Sum({ title, counts }: { title: string; counts: { good: number; bad: number } }) {
  return (
    <tr>
      <td colSpan={4}>{title}</td>
      <td className="end">{numberText(counts.good)}</td>
      <td className="end">{numberText(counts.bad)}</td>
      <td />
    </tr>
  )
}
