// Rows in memory with what a transaction needs: every write can be taken back. Rows are never changed, only replaced.

export interface Undo {
  back(): void
}

interface Index<Row> {
  readonly name: string
  readonly of: (row: Row) => string | null
  readonly keys: Map<string, Set<string>>
}

export class Table<Row> {
  private readonly rows = new Map<string, Row>()
  private readonly indexes: readonly Index<Row>[]
  private readonly written: (undo: Undo) => void

  constructor(written: (undo: Undo) => void, indexes: Readonly<Record<string, (row: Row) => string | null>> = {}) {
    this.written = written
    this.indexes = Object.entries(indexes).map(([name, of]) => ({ name, of, keys: new Map() }))
  }

  get size(): number {
    return this.rows.size
  }

  get(key: string): Row | null {
    return this.rows.get(key) ?? null
  }

  /** In the order they were first written. */
  all(): Iterable<Row> {
    return this.rows.values()
  }

  filter(holds: (row: Row) => boolean): Row[] {
    const found: Row[] = []
    for (const row of this.rows.values()) if (holds(row)) found.push(row)
    return found
  }

  by(index: string, value: string): Row[] {
    const keys = this.indexes.find((each) => each.name === index)?.keys.get(value)
    const found: Row[] = []
    for (const key of keys ?? []) {
      const row = this.rows.get(key)
      if (row !== undefined) found.push(row)
    }
    return found
  }

  put(key: string, row: Row): void {
    const before = this.rows.get(key)
    this.set(key, row)
    this.written({ back: () => (before === undefined ? this.drop(key) : this.set(key, before)) })
  }

  remove(key: string): boolean {
    const before = this.rows.get(key)
    if (before === undefined) return false
    this.drop(key)
    this.written({ back: () => this.set(key, before) })
    return true
  }

  /** For a copy of the whole table; sharing rows is safe because none is ever changed. */
  copy(): readonly (readonly [string, Row])[] {
    return [...this.rows]
  }

  load(copy: readonly (readonly [string, Row])[]): void {
    for (const key of [...this.rows.keys()]) this.drop(key)
    for (const [key, row] of copy) this.set(key, row)
  }

  private set(key: string, row: Row): void {
    const before = this.rows.get(key)
    this.rows.set(key, row)
    for (const { of, keys } of this.indexes) {
      const [old, value] = [before === undefined ? null : of(before), of(row)]
      if (old === value) continue
      if (old !== null) forget(keys, old, key)
      if (value === null) continue
      const found = keys.get(value)
      if (found === undefined) keys.set(value, new Set([key]))
      else found.add(key)
    }
  }

  private drop(key: string): void {
    const row = this.rows.get(key)
    if (row === undefined) return
    this.rows.delete(key)
    for (const { of, keys } of this.indexes) {
      const value = of(row)
      if (value !== null) forget(keys, value, key)
    }
  }
}

function forget(keys: Map<string, Set<string>>, value: string, key: string): void {
  const found = keys.get(value)
  found?.delete(key)
  if (found?.size === 0) keys.delete(value)
}
