// Who did what, when and why: the evidence behind every other page, and whether it was kept whole.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Drawer } from '../../parts/drawer.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { numberText, plural } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { Yaml } from '../../parts/yaml.tsx'
import { type JournalEntry, journal } from '../../shell/api.ts'
import { typeFilter } from './type-filter.ts'

const kinds = ['alert', 'incident', 'service', 'objective', 'change', 'page', 'person', 'schedule', 'resource'] as const

export default function JournalPage() {
  const [kind, setKind] = useUrlState('subjectKind', '')
  const [subject] = useUrlState('subjectId', '')
  const [type, setType] = useUrlState('type', '')
  const [service, setService] = useUrlState('service', '')
  const [openId, setOpenId] = useUrlState('entry', '')
  const query = useInfiniteQuery({
    queryKey: ['journal', 'list', { kind, subject, type, service }],
    queryFn: ({ signal, pageParam }) =>
      journal.list(
        { subjectKind: kind, subjectId: subject, type: typeFilter(type), service, limit: 200, cursor: pageParam },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const { hasNextPage, fetchNextPage, isFetching } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const opened = rows.find((row) => String(row.id) === openId)
  const columns: readonly Column<JournalEntry>[] = [
    { id: 'actor', title: 'Who', track: 'minmax(90px, 1fr)', cell: (row) => row.actor.name },
    { id: 'subject', title: 'About', track: 'minmax(120px, 2fr)', from: 640, cell: (row) => <Subject entry={row} /> },
    {
      id: 'reason',
      title: 'Reason',
      track: 'minmax(0, 2fr)',
      from: 980,
      cell: (row) => <span className="soft">{row.reason ?? ''}</span>,
    },
    { id: 'at', title: 'When', track: '148px', end: true, cell: (row) => <Time at={row.at} /> },
  ]
  return (
    <>
      <PageHead
        title="Journal"
        facts={<Verdict />}
        actions={
          <a className="plain-link" href={journal.exportPath} download>
            Export as JSON lines
          </a>
        }
      />
      <div className="toolbar">
        <FilterField value={type} onChange={setType} label="Type, e.g. alert.acknowledged" />
        <select
          className="plain-select"
          aria-label="About"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
        >
          <option value="">About anything</option>
          {kinds.map((each) => (
            <option key={each} value={each}>
              About {/^[aeiou]/.test(each) ? 'an' : 'a'} {each}
            </option>
          ))}
        </select>
        <input
          className="plain-select"
          aria-label="Service"
          placeholder="Service"
          defaultValue={service}
          onBlur={(event) => setService(event.currentTarget.value.trim())}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setService(event.currentTarget.value.trim())
          }}
        />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={12} />}
      {query.data !== undefined && rows.length === 0 && (
        <Empty title="No entry matches.">
          Every change, decision and act is written here in the moment it happens.
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Journal"
          rows={rows}
          idOf={(row) => String(row.id)}
          href={(row) => `/journal?entry=${row.id}`}
          onOpen={(row) => {
            setOpenId(openId === String(row.id) ? '' : String(row.id))
            return true
          }}
          openId={openId === '' ? null : openId}
          lead={{ title: 'What', track: 'minmax(160px, 2fr)', cell: (row) => <span className="mono">{row.type}</span> }}
          columns={columns}
          onEnd={onEnd}
          compactHeight={64}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow mono">{row.type}</span>
              </span>
              <span className="compact-sub">
                <span className="grow">
                  {row.actor.name}, <Subject entry={row} />
                </span>
                <Time at={row.at} show="relative" />
              </span>
            </>
          )}
        />
      )}
      {opened !== undefined && <EntryDrawer entry={opened} onClose={() => setOpenId('')} />}
    </>
  )
}

function Subject({ entry }: { entry: JournalEntry }) {
  return (
    <span>
      <span className="soft">{entry.subject.kind}</span> {entry.subject.id}
    </span>
  )
}

function Verdict() {
  const query = useQuery({
    queryKey: ['journal-verdict'],
    queryFn: ({ signal }) => journal.verify(signal),
    staleTime: 300_000,
    retry: false,
  })
  if (query.isPending) return <span>Checking that nothing was altered…</span>
  if (query.data === undefined) {
    return (
      <span>
        <StateMark tone="unknown" word="Not verified" />{' '}
        <button type="button" className="link-button" onClick={() => void query.refetch()}>
          Verify
        </button>
      </span>
    )
  }
  return (
    <>
      <StateMark tone={query.data.ok ? 'ok' : 'critical'} word={query.data.ok ? 'Verified whole' : 'Altered'} strong />
      <span>
        {plural(query.data.entries, 'entry', 'entries')} under {plural(query.data.checkpoints, 'signed checkpoint')}
        {query.data.unsealed > 0 && `, ${numberText(query.data.unsealed)} waiting for the next`}
      </span>
      {query.data.findings.map((finding) => (
        <StateMark key={finding.sentence} tone="critical" word={finding.sentence} />
      ))}
      <button type="button" className="link-button" onClick={() => void query.refetch()}>
        {query.isFetching ? 'Checking…' : 'Verify again'}
      </button>
    </>
  )
}

function EntryDrawer({ entry, onClose }: { entry: JournalEntry; onClose: () => void }) {
  return (
    <Drawer title={entry.type} onClose={onClose} takeFocus={false}>
      <dl className="pairs">
        <dt>Entry</dt>
        <dd>{entry.id}</dd>
        <dt>When</dt>
        <dd>
          <Time at={entry.at} />
        </dd>
        <dt>Who</dt>
        <dd>
          {entry.actor.name} <span className="soft">({entry.actor.kind})</span>
        </dd>
        <dt>About</dt>
        <dd>
          <Subject entry={entry} />
        </dd>
        {entry.reason !== null && (
          <>
            <dt>Reason</dt>
            <dd>{entry.reason}</dd>
          </>
        )}
        {entry.links.length > 0 && (
          <>
            <dt>Belongs to</dt>
            <dd>
              {entry.links.map((link) => (
                <div key={`${link.kind} ${link.id}`}>
                  <span className="soft">{link.kind}</span> {link.id}
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
      <Section title="Data">
        <Yaml value={entry.data} />
      </Section>
      {entry.before !== null && entry.before !== undefined && (
        <Section title="Before">
          <Yaml value={entry.before} />
        </Section>
      )}
      {entry.after !== null && entry.after !== undefined && (
        <Section title="After">
          <Yaml value={entry.after} />
        </Section>
      )}
    </Drawer>
  )
}
