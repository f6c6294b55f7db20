// The timeline shows when things happened, which is not always when they were written down.
import type { Instant } from '../../../kernel/instant.ts'

export interface PlacedLine<Line> {
  readonly line: Line
  /** When it happened, as far as anybody said. */
  readonly at: Instant
  /** Set when it was written down at another time. */
  readonly recordedAt: Instant | null
}

export interface Placeable {
  readonly id: number
  readonly at: Instant
  /** The writer said when it happened. */
  readonly occurredAt: Instant | null
  /** This line says when another one happened. */
  readonly places: { readonly entryId: number; readonly at: Instant } | null
}

/** In the order in which things happened; the last word on a line's time counts. */
export function placeLines<Line extends Placeable>(lines: readonly Line[]): readonly PlacedLine<Line>[] {
  const said = new Map<number, Instant>()
  for (const line of lines) if (line.places !== null) said.set(line.places.entryId, line.places.at)
  return lines
    .map((line) => {
      const at = said.get(line.id) ?? line.occurredAt ?? line.at
      return { line, at, recordedAt: at === line.at ? null : line.at }
    })
    .sort((a, b) => a.at - b.at || a.line.id - b.line.id)
}
