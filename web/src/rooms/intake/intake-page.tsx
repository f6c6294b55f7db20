// Who sends us alarms: each source, how much it sent lately, and what of it was not understood.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IntakeSource } from '../../../../client/src/operations.gen.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { numberText, plural } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { intake } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { ConnectForm } from './connect-form.tsx'
import { formatWords, sourceLook } from './intake-words.ts'
import { Unclaimed } from './unclaimed.tsx'

const state = (row: IntakeSource) => {
  const look = sourceLook(row)
  return <StateMark tone={look.tone} word={look.word} />
}
const order = { critical: 0, warning: 1, ok: 2, unknown: 3, info: 4, silenced: 5 } as const

const columns: readonly Column<IntakeSource>[] = [
  { id: 'state', title: 'State', track: '132px', cell: state },
  { id: 'format', title: 'Sends', track: '140px', cell: (row) => formatWords[row.format], from: 640 },
  {
    id: 'rate',
    title: 'Last hour',
    track: '170px',
    cell: (row) => (
      <>
        <Sparkline values={row.minutes} label={`Signals a minute of ${row.title}, last hour`} width={72} />{' '}
        {numberText(row.lastHour.signals)}
      </>
    ),
    from: 760,
  },
  {
    id: 'counted',
    title: 'Only counted',
    track: '104px',
    end: true,
    cell: (row) => (row.lastHour.counted === 0 ? '' : numberText(row.lastHour.counted)),
    from: 980,
  },
  {
    id: 'orphans',
    title: 'Orphans',
    track: '80px',
    end: true,
    cell: (row) => (row.orphans === 0 ? '' : numberText(row.orphans)),
  },
  { id: 'at', title: 'Last heard', track: '148px', end: true, cell: (row) => <Time at={row.receivedAt} /> },
]

export default function IntakePage() {
  const mayConnect = useMay('editor')
  const mayRead = useMay('responder')
  const [connecting, setConnecting] = useState(false)
  const query = useQuery({
    queryKey: ['intake', 'sources'],
    queryFn: ({ signal }) => intake.sources(signal),
    refetchInterval: 5_000,
  })
  const rows = [...(query.data?.items ?? [])].sort((a, b) => order[sourceLook(a).tone] - order[sourceLook(b).tone])
  const orphans = rows.reduce((sum, row) => sum + row.orphans, 0)
  const connect = mayConnect ? <Button onClick={() => setConnecting(true)}>Connect a sender</Button> : undefined
  return (
    <>
      <PageHead
        title="Intake"
        sentence="Where alarms of other products arrive."
        facts={
          query.data === undefined ? undefined : (
            <>
              <span>{plural(rows.length, 'source')}</span>
              {orphans > 0 && <span>{plural(orphans, 'payload')} not understood</span>}
            </>
          )
        }
        actions={connect}
      />
      {connecting && (
        <Dialog title="Connect a sender" onClose={() => setConnecting(false)}>
          <ConnectForm />
        </Dialog>
      )}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {query.data !== undefined && rows.length === 0 && (
        <Empty title="No sender is connected yet." command="mainstay apply -f source.yaml">
          Each sender gets an address and a token of its own: Alertmanager, Grafana, PagerDuty and Opsgenie clients,
          CloudWatch, Datadog, Sentry, Zabbix, Uptime Kuma, any JSON, and jobs that must report in. Prometheus can also
          send straight to this server, as to an Alertmanager, with an API key.
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Sources"
          rows={rows}
          idOf={(row) => row.name}
          href={(row) => `/intake/${encodeURIComponent(row.name)}`}
          lead={{ title: 'Source', track: 'minmax(112px, 1fr)', cell: (row) => row.title }}
          columns={columns}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{row.title}</span>
                {state(row)}
              </span>
              <span className="compact-sub">
                <span className="grow">
                  {formatWords[row.format]} · {plural(row.lastHour.signals, 'signal')} in the last hour
                  {row.orphans > 0 && ` · ${plural(row.orphans, 'orphan')}`}
                </span>
              </span>
            </>
          )}
        />
      )}
      {mayRead && <Unclaimed />}
    </>
  )
}
