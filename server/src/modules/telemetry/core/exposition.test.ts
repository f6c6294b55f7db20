import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieceOfText } from './exposed-points.fixture.ts'
import { readExposition } from './exposition.ts'
import { checkOpenMetrics } from './openmetrics.ts'

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, '../fixtures', name), 'utf8')

interface Case {
  readonly good: boolean
  readonly text: string
}
const { cases }: { cases: Record<string, Case> } = JSON.parse(fixture('openmetrics-cases.json'))

test.each(Object.entries(cases))("OpenMetrics' own example %s", (_name, { good, text }) => {
  expect(checkOpenMetrics(text).length === 0).toBe(good)
})

test('what a real node_exporter tells', () => {
  const read = readExposition(fixture('node-exporter.prom'), 'text')
  if (read.state === 'refused') throw new Error(`${read.line}: ${read.detail}`)
  const samples = read.lines.filter((each) => each.kind === 'sample')
  expect(samples.length).toBe(507)
  const of = (name: string) => samples.filter((each) => each.name === name)
  expect(of('node_filefd_maximum')).toMatchObject([{ value: 2_466_170 }])
  expect(of('node_network_transmit_bytes_total').some((each) => each.labels.get('device') === 'ifb0')).toBe(true)
})

test('escapes, blanks, times and exemplars', () => {
  const text = 'a { b = "x\\n\\"y\\\\" , c="}#" , } \t1.5e3 1700000000123 '
  expect(readExposition(`\n# a remark\n${text}\n`, 'text')).toMatchObject({
    state: 'read',
    lines: [
      {
        name: 'a',
        labels: new Map([
          ['b', 'x\n"y\\'],
          ['c', '}#'],
        ]),
        value: 1500,
        atMs: 1_700_000_000_123,
      },
    ],
  })
  expect(readExposition('a_total 2 1700000000.123 # {trace_id="x # y"} 0.5 1\n# EOF\n', 'openmetrics')).toMatchObject({
    lines: [{ value: 2, atMs: 1_700_000_000_123, exemplar: { labels: new Map([['trace_id', 'x # y']]), value: 0.5 } }],
  })
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.array(pieceOfText, { maxLength: 30 }),
      fc.constantFrom('text' as const, 'openmetrics' as const),
      (pieces, format) => {
        const text = pieces.join('')
        expect(['read', 'refused']).toContain(readExposition(text, format).state)
        checkOpenMetrics(text)
      },
    ),
  )
})
