// The host name of a page's own: what its DNS must say, and whether it does.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { CopyLine } from '../../parts/copy-line.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type StatusPageView, status } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'

export function OwnHost({ page, host }: { page: StatusPageView; host: NonNullable<StatusPageView['host']> }) {
  const check = useMutation({
    mutationFn: () => status.checkHost(page.name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['status'] }),
  })
  return (
    <>
      <div className="form-row">
        <strong>{host.name}</strong>
        {host.answers ? (
          <StateMark tone={host.because === null ? 'ok' : 'warning'} word="Answers" />
        ) : (
          <StateMark tone="info" word="Not proven" />
        )}
        <Button size="compact-sm" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Look now
        </Button>
      </div>
      {host.because !== null && (
        <p>
          {host.because}
          {host.answers && ' The page goes on answering there for three days.'}
        </p>
      )}
      {!host.answers && (
        <>
          <p className="soft">
            Put this TXT record into its DNS, or let a CNAME of {host.name} lead to this server. It is looked for every
            ten minutes.
          </p>
          <CopyLine text={`${host.record.name} TXT ${host.record.value}`} />
        </>
      )}
      {host.checkedAt !== null && (
        <p className="soft">
          Looked at <Time at={host.checkedAt} />
        </p>
      )}
      <ProblemNote error={check.error} />
    </>
  )
}
