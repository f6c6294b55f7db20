// A secret address to subscribe to in a calendar program; shown once, closed here.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { oncall } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'

export function CalendarAddress({ schedule }: { schedule: string }) {
  const query = useQuery({ queryKey: ['calendars'], queryFn: ({ signal }) => oncall.calendars(signal) })
  const refresh = () => queries.invalidateQueries({ queryKey: ['calendars'] })
  const create = useMutation({
    mutationFn: (kind: 'person' | 'schedule') =>
      oncall.createCalendar(kind === 'person' ? { kind } : { kind, name: schedule }),
    onSuccess: refresh,
  })
  const close = useMutation({ mutationFn: (id: string) => oncall.closeCalendar(id), onSuccess: refresh })
  const items = query.data?.items ?? []
  return (
    <Section title="In your calendar">
      <p className="schedule-sentence">
        <Button variant="default" size="compact-md" loading={create.isPending} onClick={() => create.mutate('person')}>
          Address for my shifts
        </Button>
        <Button
          variant="default"
          size="compact-md"
          loading={create.isPending}
          onClick={() => create.mutate('schedule')}
        >
          Address for this schedule
        </Button>
      </p>
      <ProblemNote error={query.error ?? create.error ?? close.error} />
      {create.data !== undefined && (
        <>
          <p className="schedule-sentence">Subscribe to this address. It is a secret and is shown only now.</p>
          <CopyLine text={create.data.url} />
        </>
      )}
      {items.length > 0 && (
        <ul className="rows">
          {items.map((each) => (
            <li key={each.id}>
              <span className="grow">
                {each.kind === 'person' ? 'My shifts' : each.name}{' '}
                <span className="soft">
                  {each.lastReadAt === null ? (
                    'never read'
                  ) : (
                    <>
                      last read <Time at={each.lastReadAt} />
                    </>
                  )}
                </span>
              </span>
              <Button
                size="compact-sm"
                variant="default"
                loading={close.isPending && close.variables === each.id}
                onClick={() => close.mutate(each.id)}
              >
                Close
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
