// What a line chart is told: its lines, levels, words and table.
import type { ReactNode } from 'react'

export interface Line {
  readonly label: string
  /** A token of the palette: `--ink`, `--accent`, `--critical`. */
  readonly colour: string
  readonly values: readonly (number | null)[]
  readonly dash?: readonly number[]
  readonly fill?: boolean
  readonly width?: number
}

export interface Level {
  readonly at: number
  readonly label: string
  readonly colour: string
}

export interface PlotProps {
  /** What the chart shows, in one sentence: its text alternative. */
  readonly summary: string
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly levels?: readonly Level[]
  readonly format: (value: number) => string
  readonly height?: number
  readonly min?: number
  readonly max?: number
  readonly log?: boolean
  readonly table: { readonly columns: readonly string[]; readonly rows: () => readonly (readonly ReactNode[])[] }
}
