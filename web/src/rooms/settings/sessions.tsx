import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { deviceName } from '../../parts/device-name.ts'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { sessions } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { usePerson } from '../../shell/session.tsx'

export function Sessions() {
  const person = usePerson()
  const query = useQuery({
    queryKey: ['sessions', person.id],
    queryFn: ({ signal }) => sessions.list(person.id, signal),
  })
  const revoke = useMutation({
    mutationFn: (id: string) => sessions.revoke(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return (
    <>
      <ProblemNote error={query.error ?? revoke.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} height={52} />}
      <ul className="rows">
        {query.data?.items.map((each) => (
          <li key={each.id}>
            <span className="grow">
              <strong>{deviceName(each.agent)}</strong>
              {each.current && <span className="soft"> (this one)</span>}
              <br />
              <span className="soft">
                {each.address}, signed in <Time at={each.startedAt} show="relative" />
              </span>
            </span>
            <span className="soft">
              seen <Time at={each.seenAt} show="relative" />
            </span>
            {!each.current && (
              <Button
                size="compact-sm"
                variant="default"
                loading={revoke.isPending && revoke.variables === each.id}
                onClick={() => revoke.mutate(each.id)}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
