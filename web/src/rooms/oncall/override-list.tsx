import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import { queries } from '../../shell/queries.ts'

const verbs = { add: 'joins', remove: 'steps out', replace: 'takes over' } as const

export function OverrideList({ schedule, may }: { schedule: string; may: boolean }) {
  const people = usePeople()
  const query = useQuery({
    queryKey: ['oncall', 'overrides', schedule],
    queryFn: ({ signal }) => oncall.overrides(schedule, signal),
  })
  const end = useMutation({
    mutationFn: (id: string) => oncall.endOverride(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['oncall'] }),
  })
  if (query.data === undefined || query.data.items.length === 0) return <ProblemNote error={query.error} />
  return (
    <Section title="Overrides ahead">
      <ProblemNote error={end.error} />
      <ul className="rows">
        {query.data.items.map((each) => (
          <li key={each.id}>
            <span className="grow">
              <strong>{people.get(each.person)?.title ?? each.person}</strong> {verbs[each.kind]}
              {each.covers !== null && ` from ${people.get(each.covers)?.title ?? each.covers}`}{' '}
              <span className="soft">{each.reason}</span>
              {each.rotation !== null && <span className="tag">only {each.rotation}</span>}
              {each.fromCalendar && <span className="tag">from a calendar</span>}
            </span>
            <span className="soft">
              <Time at={each.start} show="clock" /> to <Time at={each.end} show="clock" />
            </span>
            {may && (
              <Button
                size="compact-sm"
                variant="default"
                loading={end.isPending && end.variables === each.id}
                onClick={() => end.mutate(each.id)}
              >
                Take back
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
