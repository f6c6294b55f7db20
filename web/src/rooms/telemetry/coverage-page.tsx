// Services by what they tell and have: a matrix of shapes and words. The server filters, sorts and pages it.
import type { Operations, ServiceCoverage } from '../../../../client/src/operations.gen.ts'
import { coverageColumns as cellColumns } from '../../../../server/src/modules/telemetry/core/index.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { compactNumber, numberText, plural } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { telemetry } from '../../shell/api.ts'
import { usePaged } from '../../shell/paged.ts'
import { cellLook, columnWords, costText, lackWords } from './coverage-words.ts'
import './coverage.css'

// What is most often looked for stays longest when the table gets narrow.
const narrowest: Readonly<Record<string, number>> = {
  dashboard: 985,
  traces: 985,
  runbook: 815,
  saturation: 730,
  owner: 640,
}

const lackings = ['any', ...cellColumns] as const
type Answer = Operations['telemetry.coverage']['reply']
type Lacking = (typeof lackings)[number]
const orders = ['name', 'missing', 'samples'] as const

export default function CoveragePage() {
  const now = useNow()
  const [search, setSearch] = useUrlState('search', '')
  const [missing, setMissing] = useUrlState<Lacking | ''>('missing', '')
  const [sort, setSort] = useUrlState<(typeof orders)[number]>('sort', 'name')
  const { query, rows, onEnd } = usePaged<ServiceCoverage, Answer>({
    key: ['telemetry', 'coverage', { search, missing, sort }],
    read: (page, signal) =>
      telemetry.coverage({ search, ...(missing === '' ? {} : { missing }), sort, ...page }, signal),
    everyMs: 60_000,
  })
  const summary = query.data?.pages[0]?.summary
  const columns: readonly Column<ServiceCoverage>[] = [
    ...cellColumns.map((column) => ({
      id: column,
      title: columnWords[column],
      track: '70px',
      cell: (row: ServiceCoverage) => <CellMark row={row} column={column} now={now} />,
      ...(narrowest[column] === undefined ? {} : { from: narrowest[column] }),
    })),
    {
      id: 'samples',
      title: 'Samples',
      track: '76px',
      end: true,
      cell: (row) => (row.usage === null ? <span className="soft">none</span> : compactNumber(row.usage.samples)),
      from: 640,
    },
  ]
  const filtered = search !== '' || missing !== ''
  return (
    <>
      <PageHead
        title="Coverage"
        sentence="Which service tells what of itself, and what it lacks. What is not told is never taken for good."
        facts={
          summary === undefined ? (
            <span>&nbsp;</span>
          ) : (
            <>
              <span>
                {numberText(summary.complete)} of {plural(summary.services, 'service')} lack nothing
              </span>
              <span>{plural(summary.samples, 'sample')} in the day shown</span>
              {summary.cost !== null && <span>{costText(summary.cost)} for them</span>}
            </>
          )
        }
      />
      <div className="toolbar">
        <FilterField value={search} onChange={setSearch} label="Filter services" />
        <select
          className="plain-select"
          aria-label="Lacking"
          value={missing}
          onChange={(event) => setMissing(lackings.find((each) => each === event.currentTarget.value) ?? '')}
        >
          <option value="">All services</option>
          <option value="any">Lacking anything</option>
          {cellColumns.map((column) => (
            <option key={column} value={column}>
              {`Lacking ${columnWords[column].toLowerCase()}${countOf(summary, column)}`}
            </option>
          ))}
        </select>
        <select
          className="plain-select"
          aria-label="Order"
          value={sort}
          onChange={(event) => setSort(orders.find((each) => each === event.currentTarget.value) ?? 'name')}
        >
          <option value="name">By name</option>
          <option value="missing">Lacking most first</option>
          <option value="samples">Most samples first</option>
        </select>
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={12} />}
      {query.data !== undefined &&
        rows.length === 0 &&
        (filtered ? (
          <Empty title="No service matches this filter." />
        ) : (
          <Empty
            title="No service is declared, and none tells of itself."
            command="mainstay apply -f catalog-info.yaml"
          >
            Declare services, and send OpenTelemetry metrics to /v1/metrics.
          </Empty>
        ))}
      {rows.length > 0 && (
        <DataTable
          label="Coverage of services"
          rows={rows}
          idOf={(row) => row.service}
          href={(row) => `/coverage/${encodeURIComponent(row.service)}`}
          lead={{
            title: 'Service',
            track: 'minmax(104px, 1fr)',
            cell: (row) => (
              <>
                {row.displayName}
                {!row.declared && <span className="soft"> not declared</span>}
              </>
            ),
          }}
          columns={columns}
          onEnd={onEnd}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{row.displayName}</span>
                <StateMark
                  tone={row.missing === 0 ? 'ok' : 'warning'}
                  word={row.missing === 0 ? 'Complete' : `${row.missing} lacking`}
                />
              </span>
              <span className="compact-sub">
                <span className="grow">{row.declared ? lackWords(row) : 'Not declared'}</span>
              </span>
            </>
          )}
        />
      )}
    </>
  )
}

function countOf(
  summary: { readonly missing: readonly { readonly column: string; readonly services: number }[] } | undefined,
  column: string,
): string {
  const count = summary?.missing.find((each) => each.column === column)?.services
  return count === undefined ? '' : ` (${numberText(count)})`
}

function CellMark({ row, column, now }: { row: ServiceCoverage; column: string; now: number }) {
  const cell = row.cells.find((each) => each.column === column)
  if (cell === undefined) return null
  const look = cellLook(cell, now)
  return (
    <span className="coverage-cell" title={cell.sentence}>
      <StateMark tone={look.tone} word={look.word} />
      {cell.state === 'silent' && <span className="sr-only"> silent</span>}
    </span>
  )
}
