// Lists by cursor: opaque, bound to their sort, stable while rows are added.
import { type Static, type TSchema, Type } from 'typebox'
import { AppError } from '../../kernel/app-error.ts'

export const maxPage = 500

export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: maxPage, default: 100, description: 'Rows in one answer.' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'From `nextCursor` of the previous answer.' })),
}

export function Page<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Null on the last page.' }),
  })
}

export type Cursor = readonly (string | number | null)[]

export function encodeCursor(values: Cursor): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The values of a cursor, or a refusal: cursors are input like any other. */
export function decodeCursor(text: string | undefined, kinds: readonly ('string' | 'number')[]): Cursor | null {
  if (text === undefined) return null
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (
      Array.isArray(values) &&
      values.length === kinds.length &&
      values.every((value, index) => typeof value === kinds[index])
    ) {
      return values as Cursor
    }
  } catch {
    // Falls through to the refusal below: not JSON is as wrong as the wrong shape.
  }
  throw new AppError('invalid', 'http.bad-cursor', 'The cursor is not one of ours. Start again without it.', {
    faults: [{ pointer: '?cursor', detail: 'Leave it out to read from the start.' }],
  })
}

/** Cuts one row more than asked for into a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => Cursor,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(present),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  }
}

export type PageRequest = Static<ReturnType<typeof pageQuery>>
const pageQuery = () => Type.Object(PageQuery)
