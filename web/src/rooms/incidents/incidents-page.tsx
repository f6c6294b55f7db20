// Incidents, open ones first, and the form to declare one.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { durationText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { catalog, type Incident, incidents } from '../../shell/api.ts'
import { useOverview } from '../../shell/frame.tsx'
import { usePaged } from '../../shell/paged.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { SavedViews } from '../../shell/saved-views.tsx'
import { useMay } from '../../shell/session.tsx'
import {
  beganAt,
  incidentLook,
  incidentName,
  incidentStatusWords,
  isOverIncident,
  severities,
} from '../../shell/words.ts'
import { Declare } from './declare-form.tsx'
import './incidents.css'

// A column has room for a few names.
const severalServices = (services: readonly string[]): string =>
  services.length > 3 ? `${services.length.toLocaleString('en')} services` : services.join(', ')

type Tab = 'open' | 'planned' | 'over' | 'resolved' | 'all'

const kinds = [
  ['normal', 'Normal'],
  ['security', 'Restricted'],
  ['drill', 'Drill'],
  ['backfilled', 'Afterwards'],
  ['scheduled', 'Planned work'],
] as const

const kindSign = ({ kind }: Incident): string =>
  kind === 'normal' ? '' : `, ${(kinds.find(([name]) => name === kind)?.[1] ?? kind).toLowerCase()}`

const startOf = (row: Incident): string =>
  row.status === 'planned' && row.plan !== null ? row.plan.startsAt : beganAt(row)

export default function IncidentsPage() {
  const [asked, setTab] = useUrlState<Tab>('status', 'open')
  // Links and views that were kept say `resolved` for all that are over.
  const tab = asked === 'resolved' ? 'over' : asked
  const [search, setSearch] = useUrlState('search', '')
  const [severity, setSeverity] = useUrlState<Incident['severity'] | ''>('severity', '')
  const [service, setService] = useUrlState('service', '')
  const [kind, setKind] = useUrlState<Incident['kind'] | ''>('kind', '')
  const [declaring, setDeclaring] = useUrlState('declare', '')
  const may = useMay('responder')
  const now = useNow()
  const { query, rows, onEnd } = usePaged<Incident>({
    key: ['incidents', 'list', { tab, search, severity, service, kind }],
    read: (page, signal) =>
      incidents.list({ search, severity, service, kind, ...(tab === 'all' ? {} : { status: tab }), ...page }, signal),
  })
  const services = useQuery({
    queryKey: ['services', 'palette'],
    queryFn: ({ signal }) => catalog.services({ limit: 500 }, signal),
  })
  const known = services.data?.items.map((each) => each.name) ?? []
  // A link may name one that is gone.
  const names = service === '' || known.includes(service) ? known : [service, ...known]
  const isNarrowed = [search, severity, service, kind].some((each) => each !== '')
  const open = useOverview().data?.counts.openIncidents
  useCommands(
    may
      ? [
          {
            id: 'incidents.declare',
            title: 'Declare an incident',
            group: 'Incidents',
            keys: 'n',
            words: 'new',
            run: () => setDeclaring('1'),
          },
        ]
      : [],
  )
  const columns: readonly Column<Incident>[] = [
    {
      id: 'severity',
      title: 'Severity',
      track: '104px',
      cell: (row) => {
        const look = incidentLook(row)
        return (
          <StateMark
            tone={look.tone}
            word={look.tone === 'ok' || row.status === 'planned' ? row.severity : look.word}
          />
        )
      },
    },
    { id: 'status', title: 'Status', track: '92px', cell: (row) => incidentStatusWords[row.status] },
    {
      id: 'services',
      title: 'Services',
      track: 'minmax(80px, 1fr)',
      cell: (row) => (row.services.length === 0 ? <span className="soft">–</span> : severalServices(row.services)),
    },
    {
      id: 'by',
      title: 'Declared by',
      track: '132px',
      from: 1100,
      cell: (row) => (row.automatic ? <span className="soft">itself</span> : <PersonName name={row.declaredBy} />),
    },
    {
      id: 'length',
      title: tab === 'planned' ? 'Lasts' : 'Lasted',
      track: '88px',
      end: true,
      from: 640,
      cell: (row) =>
        durationText(
          row.status === 'planned' && row.plan !== null
            ? Date.parse(row.plan.endsAt) - Date.parse(row.plan.startsAt)
            : (row.resolvedAt === null ? now : Date.parse(row.resolvedAt)) - Date.parse(beganAt(row)),
        ),
    },
    {
      id: 'started',
      title: tab === 'planned' ? 'Begins' : 'Started',
      track: '172px',
      end: true,
      cell: (row) => <Time at={startOf(row)} />,
    },
  ]
  return (
    <>
      <PageHead
        title="Incidents"
        actions={
          <>
            <Link href="/wall">On a wall screen</Link>
            {may && (
              <Button onClick={() => setDeclaring('1')} rightSection={<kbd>n</kbd>}>
                Declare an incident
              </Button>
            )}
          </>
        }
      />
      <div className="toolbar">
        <Choice
          label="Status"
          value={tab}
          onChange={setTab}
          options={[
            { value: 'open', title: 'Open', ...(open === undefined ? {} : { count: open }) },
            { value: 'planned', title: 'Planned' },
            { value: 'over', title: 'Over' },
            { value: 'all', title: 'All' },
          ]}
        />
        <FilterField value={search} onChange={setSearch} label="Filter incidents" />
        <SelectField
          title="Severity"
          value={severity}
          onChange={(event) => setSeverity(severities.find((each) => each === event.currentTarget.value) ?? '')}
        >
          <option value="">All</option>
          {severities.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
        <SelectField title="Service" value={service} onChange={(event) => setService(event.currentTarget.value)}>
          <option value="">All</option>
          {names.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
        <SelectField
          title="Kind"
          value={kind}
          onChange={(event) => setKind(kinds.find(([name]) => name === event.currentTarget.value)?.[0] ?? '')}
        >
          <option value="">All</option>
          {kinds.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </SelectField>
      </div>
      <SavedViews list="incidents" not={['declare']} />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {query.data !== undefined && rows.length === 0 && (
        <Empty
          title={
            isNarrowed
              ? 'No incident matches this filter.'
              : tab === 'open'
                ? 'No incident is open.'
                : tab === 'planned'
                  ? 'No work is planned.'
                  : 'No incident is on record.'
          }
          {...(!isNarrowed && tab === 'planned'
            ? { command: 'mainstay incident declare "Full vacuum" --kind scheduled --maintenance vacuum' }
            : !isNarrowed
              ? { command: 'mainstay incident declare "Checkout is slow" --severity SEV2 --service checkout' }
              : {})}
        >
          {!isNarrowed &&
            (tab === 'planned'
              ? 'Planned work is led in a room of its own: it wakes nobody, and becomes an incident when it goes wrong.'
              : 'Declare early: an incident can be lowered or closed in a second.')}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Incidents"
          rows={rows}
          idOf={(row) => row.id}
          href={(row) => `/incidents/${row.id}`}
          lead={{
            title: 'Incident',
            track: 'minmax(200px, 6fr)',
            cell: (row) => (
              <>
                <span className="soft">
                  {incidentName(row)}
                  {kindSign(row)}
                </span>{' '}
                {row.title}
              </>
            ),
          }}
          columns={columns}
          onEnd={onEnd}
          muted={(row) => isOverIncident(row)}
          compactHeight={76}
          compact={(row) => {
            const look = incidentLook(row)
            return (
              <>
                <span className="compact-top">
                  <span className="grow">
                    {incidentName(row)} {row.title}
                  </span>
                </span>
                <span className="compact-sub">
                  <StateMark
                    tone={look.tone}
                    word={look.tone === 'ok' || row.status === 'planned' ? row.severity : look.word}
                  />
                  <span className="grow">
                    {incidentStatusWords[row.status]}
                    {kindSign(row)}
                    {row.services.length > 0 ? `, ${severalServices(row.services)}` : ''}
                  </span>
                  <Time at={startOf(row)} show="relative" />
                </span>
              </>
            )
          }}
        />
      )}
      {declaring !== '' && <Declare onClose={() => setDeclaring('')} />}
    </>
  )
}
