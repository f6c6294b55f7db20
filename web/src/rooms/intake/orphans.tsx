// What this source sent and nobody understood: tried again once the mapping is mended, or put away.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { IntakeOrphan } from '../../../../client/src/operations.gen.ts'
import { SkeletonRows } from '../../parts/empty.tsx'
import { plural } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { intake } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { readable } from './intake-words.ts'

const refresh = () => queries.invalidateQueries({ queryKey: ['intake'] })
const shown = 20

export function Orphans({ source, displaced }: { source: string; displaced: number }) {
  const orphans = useQuery({
    queryKey: ['intake', 'orphans', source],
    queryFn: ({ signal }) => intake.orphans({ source, limit: shown }, signal),
    refetchInterval: 5_000,
  })
  return (
    <Section
      title="Not understood"
      aside={displaced > 0 ? <span className="soft">{plural(displaced, 'older one')} gave way</span> : undefined}
    >
      <ProblemNote error={orphans.error} retry={() => void orphans.refetch()} />
      {orphans.isPending && <SkeletonRows rows={2} />}
      {orphans.data?.items.map((each) => (
        <Orphan key={each.id} orphan={each} />
      ))}
      {orphans.data?.nextCursor !== null && orphans.data !== undefined && (
        <p className="soft">The newest {shown} are shown.</p>
      )}
    </Section>
  )
}

function Orphan({ orphan }: { orphan: IntakeOrphan }) {
  const may = useMay('responder')
  const replay = useMutation({ mutationFn: () => intake.replay(orphan.id), onSuccess: refresh })
  const dismiss = useMutation({ mutationFn: () => intake.dismiss(orphan.id), onSuccess: refresh })
  return (
    <div className="orphan">
      <p>
        <strong>{orphan.because}</strong>{' '}
        <span className="soft">
          {orphan.times > 1 && `${plural(orphan.times, 'time')}, last `}
          <Time at={orphan.lastAt} />
        </span>
      </p>
      <details>
        <summary>The payload{orphan.cut && ', cut'}</summary>
        {/* Scrolled by keyboard too. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <pre className="payload" tabIndex={0}>
          {readable(orphan.body)}
        </pre>
      </details>
      {replay.data !== undefined && !replay.data.understood && <p role="status">Still: {replay.data.because}</p>}
      <ProblemNote error={replay.error ?? dismiss.error} />
      {may && (
        <div className="form-row">
          {!orphan.cut && (
            <Button size="compact-sm" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
              Try again
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            loading={dismiss.isPending}
            onClick={() => dismiss.mutate()}
          >
            Dismiss
          </Button>
        </div>
      )}
    </div>
  )
}
