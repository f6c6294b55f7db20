// Machines that policies page: what came of the last message, a try, another secret. Their addresses are declared.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CopyLine } from '../../parts/copy-line.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { type Webhook, webhooks } from '../../shell/webhook-api.ts'

const key = ['webhooks']
const refresh = () => queries.invalidateQueries({ queryKey: key })

export function Webhooks() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => webhooks.list(signal) })
  const may = useMay('editor')
  return (
    <Section title="Webhooks of policies">
      <p className="soft">
        A level of an escalation policy may name them. Each message is signed (Standard Webhooks) and carries the page
        as a CloudEvent. They are declared: <code>mainstay apply -f webhook.yaml</code>.
      </p>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={2} />}
      {query.data?.items.length === 0 && <p>None is declared.</p>}
      <ul className="rows">
        {query.data?.items.map((webhook) => (
          <Line key={webhook.name} webhook={webhook} may={may} />
        ))}
      </ul>
    </Section>
  )
}

const tones: Readonly<Record<NonNullable<Webhook['last']>['state'], Tone>> = {
  pending: 'info',
  sending: 'info',
  sent: 'ok',
  failed: 'critical',
  unknown: 'unknown',
  cancelled: 'silenced',
}

function Line({ webhook, may }: { webhook: Webhook; may: boolean }) {
  const { name, url, secretBy, formerUntil, last } = webhook
  const test = useMutation({ mutationFn: () => webhooks.test(name), onSuccess: refresh })
  const replace = useMutation({ mutationFn: () => webhooks.replaceSecret(name), onSuccess: refresh })
  const secret = replace.data?.secret ?? null
  return (
    <li className="webhook-row">
      <div className="grow webhook-facts">
        <span>
          <strong>{name}</strong> <span className="soft">{url}</span>
        </span>
        <span>
          {last === null ? (
            <StateMark tone="unknown" word="Never told" />
          ) : (
            <>
              <StateMark tone={tones[last.state]} word={last.state} />{' '}
              <span className="soft">
                <Time at={last.at} />
                {last.because !== null && `: ${last.because}`}
              </span>
            </>
          )}
        </span>
        {secretBy === null && <span className="soft">Nobody has read its secret yet.</span>}
        {formerUntil !== null && (
          <span className="soft">
            The secret before signs as well until <Time at={formerUntil} show="clock" />.
          </span>
        )}
        <ProblemNote error={test.error ?? replace.error} />
        <div role="status">
          {secret !== null && (
            <>
              <p>From now on it is signed with this secret, which is not shown again:</p>
              <CopyLine text={secret} label={`Copy the secret of ${name}`} />
            </>
          )}
        </div>
      </div>
      {may && (
        <span className="webhook-acts">
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Send ${name} a test`}
            loading={test.isPending}
            onClick={() => test.mutate()}
          >
            Send a test
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`New secret for ${name}`}
            loading={replace.isPending}
            onClick={() => replace.mutate()}
          >
            New secret
          </Button>
        </span>
      )}
    </li>
  )
}
