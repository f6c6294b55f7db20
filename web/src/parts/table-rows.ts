// Lays rows under their groups, keeping the order in which groups first appear. Sorting is pure and stable.

export interface Group {
  readonly id: string
  readonly title: string
}

export type TableItem<Row> =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'group'; readonly id: string; readonly title: string; readonly count: number }

export function layRows<Row>(
  rows: readonly Row[],
  groupOf: ((row: Row) => Group) | undefined,
  folded: ReadonlySet<string>,
): readonly TableItem<Row>[] {
  if (groupOf === undefined) return rows.map((row) => ({ kind: 'row', row }))
  const groups = new Map<string, { group: Group; rows: Row[] }>()
  for (const row of rows) {
    const group = groupOf(row)
    const known = groups.get(group.id)
    if (known === undefined) groups.set(group.id, { group, rows: [row] })
    else known.rows.push(row)
  }
  return [...groups.values()].flatMap(({ group, rows: members }) => [
    { kind: 'group' as const, id: group.id, title: group.title, count: members.length },
    ...(folded.has(group.id) ? [] : members.map((row) => ({ kind: 'row' as const, row }))),
  ])
}

type Sortable = string | number | null | undefined

/** `name` or `-name`. What is missing stands last in both directions. */
export function sortRows<Row>(
  rows: readonly Row[],
  sort: string,
  values: Readonly<Record<string, (row: Row) => Sortable>>,
): readonly Row[] {
  const down = sort.startsWith('-')
  const value = values[down ? sort.slice(1) : sort]
  if (value === undefined) return rows
  return rows
    .map((row, order) => ({ row, order, by: value(row) }))
    .sort((a, b) => {
      const missing = Number(isMissing(a.by)) - Number(isMissing(b.by))
      if (missing !== 0) return missing
      const compared = compare(a.by, b.by)
      return (down ? -compared : compared) || a.order - b.order
    })
    .map((each) => each.row)
}

const isMissing = (value: Sortable): boolean => value === null || value === undefined

function compare(a: Sortable, b: Sortable): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), undefined, { numeric: true })
}
