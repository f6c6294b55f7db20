// All probes: what is asked, how often, and what came back last.
import { useMemo } from 'react'
import type { Probe } from '../../../../client/src/operations.gen.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { durationText, plural, windowText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { telemetry } from '../../shell/api.ts'
import { usePaged } from '../../shell/paged.ts'
import { kindWords, probeLook } from './probe-words.ts'

const order = { critical: 0, unknown: 1, ok: 2 } as const

export default function ProbesPage() {
  const now = useNow()
  const [search, setSearch] = useUrlState('search', '')
  const { query, rows: loaded } = usePaged<Probe>({
    key: ['telemetry', 'probes', 'list'],
    read: (page, signal) => telemetry.probePage(page, signal),
    // Bad ones stand first, so all of them are needed.
    whole: true,
    everyMs: 10_000,
  })
  const rows = useMemo(() => {
    const wanted = search.toLowerCase()
    const place = (row: Probe) => {
      const { tone } = probeLook(row, now)
      return tone === 'critical' || tone === 'ok' ? order[tone] : order.unknown
    }
    return loaded
      .filter((row) => `${row.name} ${row.target} ${row.service ?? ''}`.toLowerCase().includes(wanted))
      .map((row) => ({ row, place: place(row) }))
      .sort((a, b) => a.place - b.place)
      .map((each) => each.row)
  }, [loaded, search, now])
  const state = (row: Probe) => {
    const look = probeLook(row, now)
    return <StateMark tone={look.tone} word={look.word} />
  }
  const columns: readonly Column<Probe>[] = [
    { id: 'state', title: 'State', track: '112px', cell: state },
    { id: 'kind', title: 'Kind', track: '96px', cell: (row) => kindWords[row.kind], from: 640 },
    {
      id: 'target',
      title: 'Asks',
      track: 'minmax(0, 2fr)',
      cell: (row) => <span className="soft">{row.target}</span>,
      from: 760,
    },
    { id: 'result', title: 'Last result', track: 'minmax(0, 3fr)', cell: (row) => row.lastReason ?? '' },
    {
      id: 'took',
      title: 'Took',
      track: '72px',
      end: true,
      cell: (row) => (row.lastMs === null || row.kind === 'heartbeat' ? '' : durationText(row.lastMs)),
    },
    {
      id: 'every',
      title: 'Every',
      track: '72px',
      end: true,
      cell: (row) => (row.kind === 'heartbeat' ? '' : windowText(row.everyMs)),
      from: 980,
    },
    { id: 'at', title: 'When', track: '148px', end: true, cell: (row) => <Time at={row.lastAt} /> },
  ]
  return (
    <>
      <PageHead
        title="Probes"
        facts={query.data === undefined ? <span>&nbsp;</span> : <span>{plural(loaded.length, 'probe')}</span>}
      />
      <div className="toolbar">
        <FilterField value={search} onChange={setSearch} label="Filter probes" />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {query.data !== undefined &&
        rows.length === 0 &&
        (search !== '' ? (
          <Empty title="No probe matches this filter." />
        ) : (
          <Empty title="No probe is declared yet." command="mainstay apply -f probe.yaml">
            A probe asks a service the way a customer would, or waits for a job to say that it ran: HTTP, TCP, DNS,
            certificates, gRPC health, heartbeats.
          </Empty>
        ))}
      {rows.length > 0 && (
        <DataTable
          label="Probes"
          rows={rows}
          idOf={(row) => row.name}
          href={(row) => `/probes/${encodeURIComponent(row.name)}`}
          lead={{ title: 'Name', track: 'minmax(112px, 1fr)', cell: (row) => row.name }}
          columns={columns}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{row.name}</span>
                {state(row)}
              </span>
              <span className="compact-sub">
                <span className="grow">{row.lastReason ?? row.target}</span>
              </span>
            </>
          )}
        />
      )}
    </>
  )
}
