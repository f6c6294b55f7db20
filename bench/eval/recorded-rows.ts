// Tables as recorded: comma-separated, packed or not, and what a case becomes for the product.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { MeasuredQuestion } from '../../server/src/modules/incidents/core/measured-causes.ts'

export interface RecordedCase {
  readonly id: string
  readonly question: MeasuredQuestion
}

export type Row = Readonly<Record<string, string>>

export function readRows(file: string): readonly Row[] {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(names.map((name, place) => [name, fields[place] ?? '']))
  })
}

/** The name of a pod without those of its replica set and of itself. */
export function serviceOf(pod: string): string {
  return pod.split('-').slice(0, -2).join('-')
}
