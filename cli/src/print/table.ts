// Tables for people: aligned, and cut to the terminal where a column can bear it.
import { stateOf } from './state.ts'
import { type Style, type Tone, toned } from './style.ts'
import { cut, harmless, padTo, widthOf } from './text-width.ts'

export interface Cell {
  readonly text: string
  readonly tone?: Tone
}

export interface Column<Row> {
  readonly header: string
  readonly of: (row: Row) => Cell | string | null
  /** Only with `-o wide`. */
  readonly wide?: true
  /** Gives way first when the terminal is narrow. */
  readonly elastic?: true
  readonly align?: 'right'
}

export interface TableOptions {
  readonly style: Style
  readonly columns: number
  readonly wide: boolean
  readonly headers: boolean
}

const gap = '  '
const leastElastic = 12

export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions): string {
  const shown = columns.filter((column) => options.wide || column.wide !== true)
  const cells = rows.map((row) => shown.map((column) => toCell(column.of(row))))
  const natural = shown.map((column, index) =>
    Math.max(options.headers ? column.header.length : 0, ...cells.map((line) => widthOf(line[index]?.text ?? ''))),
  )
  const widths = shrink(natural, shown, options.columns)
  const line = (texts: readonly Cell[]): string =>
    texts
      .map((cell, index) => {
        const width = widths[index] ?? 0
        const text = cut(cell.text, width)
        const padded =
          shown[index]?.align === 'right'
            ? `${' '.repeat(Math.max(0, width - widthOf(text)))}${text}`
            : padTo(text, width)
        return toned(options.style, cell.tone ?? 'plain', index === texts.length - 1 ? padded.trimEnd() : padded)
      })
      .join(gap)
      .trimEnd()
  const head = options.headers ? [options.style.faint(line(shown.map((column) => ({ text: column.header }))))] : []
  return [...head, ...cells.map(line)].map((text) => `${text}\n`).join('')
}

function toCell(value: Cell | string | null): Cell {
  if (value === null || value === '') return { text: '–', tone: 'unknown' }
  return typeof value === 'string' ? { text: harmless(value) } : { ...value, text: harmless(value.text) }
}

/** Elastic columns share what is missing, from the right, and never shrink below a readable width. */
function shrink<Row>(natural: readonly number[], columns: readonly Column<Row>[], limit: number): readonly number[] {
  const widths = [...natural]
  let over = widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1)) - limit
  for (let index = widths.length - 1; index >= 0 && over > 0; index -= 1) {
    if (columns[index]?.elastic !== true) continue
    const width = widths[index] ?? 0
    const taken = Math.min(over, Math.max(0, width - leastElastic))
    widths[index] = width - taken
    over -= taken
  }
  return widths
}

export function stateCell(word: string): Cell {
  const state = stateOf(word)
  return { text: `${state.shape} ${state.word}`, tone: state.tone }
}
