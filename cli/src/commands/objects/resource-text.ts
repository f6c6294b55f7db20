// Declared objects of any kind as rows and documents.
import type { Resource } from '../../../../client/src/operations.gen.ts'
import type { Listing } from '../../print/output.ts'
import type { Column } from '../../print/table.ts'
import { ago } from '../../print/times.ts'

/** Without status, which no document may hold: what is printed can be applied again. */
export function documentOf({ status: _status, ...document }: Resource): unknown {
  return document
}

export function resourceColumns(now: number): readonly Column<Resource>[] {
  return [
    { header: 'NAME', of: (row) => row.metadata.name },
    { header: 'DISPLAY NAME', of: (row) => row.metadata.displayName ?? null, elastic: true },
    { header: 'VERSION', of: (row) => String(row.status.version), align: 'right' },
    { header: 'CHANGED', of: (row) => ago(row.status.updatedAt, now) },
    { header: 'OWNED BY', of: (row) => [...new Set(Object.values(row.status.owners))].join(', '), wide: true },
    { header: 'DESCRIPTION', of: (row) => row.metadata.description ?? null, wide: true, elastic: true },
  ]
}

export function listingOf(rows: readonly Resource[], plural: string, now: number): Listing<Resource> {
  return {
    rows,
    columns: resourceColumns(now),
    nameOf: (row) => `${row.kind.toLowerCase()}/${row.metadata.name}`,
    documentOf,
    none: `No ${plural}.`,
  }
}
