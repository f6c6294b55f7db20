// With what was remembered of the text before, whatever that was, a text tells what it tells alone, line by line.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { pieceOfText, pointsOf } from './exposed-points.fixture.ts'
import { type ExpositionFormat, readExposition } from './exposition.ts'
import { type ExpositionMemory, newExpositionMemory, readScrape, sizeOf } from './exposition-memory.ts'

const target = { job: 'shop', instance: '10.0.0.1:80' }
const at = instant(1_700_000_000_000)
const remembering = () => newExpositionMemory(target, (text) => text)

function flat(text: string, format: ExpositionFormat, memory: ExpositionMemory) {
  const read = readScrape(text, format, at, memory)
  if (read.state === 'refused') return read
  const { told, ends, times, values, createdMs, gauge } = read.batch
  expect(times.length).toBe(ends.at(-1) ?? 0)
  return told.flatMap(({ metric, attributes, resource }, index) => {
    const [from, to] = [ends[index - 1] ?? 0, ends[index] ?? 0]
    return Array.from({ length: to - from }, (_, each) => [
      ...[metric, [...attributes], [...resource], times[from + each], values[from + each]],
      ...[createdMs[index], gauge[index]],
    ])
  })
}

/** As objects, without any memory. */
function plain(text: string, format: ExpositionFormat) {
  const read = readExposition(text, format)
  if (read.state === 'refused') return read
  return pointsOf(read.lines, { ...target, at }).resources.flatMap(({ attributes, scopes }) =>
    scopes.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, data }) =>
        data.points.map((point) => [
          ...[name, [...point.attributes], [...attributes], point.at, 'value' in point ? point.value : null],
          ...[point.startAt ?? 0, data.kind === 'gauge'],
        ]),
      ),
    ),
  )
}

const series = fc.record({
  name: fc.constantFrom('a', 'a_total', 'ab', 'a_created', 'b_bucket', 'b_count'),
  labels: fc.constantFrom(
    '',
    '{}',
    '{x="1"}',
    '{x="1",y="\\"}#\\n"}',
    '{ x = "1" , }',
    '{job="own"}',
    '{le="+Inf"}',
    '{x="ü"}',
  ),
})
const value = fc.constantFrom(
  ...[
    '0',
    '7',
    '12345',
    '999999999999999',
    '1234567890123456789',
    '+5',
    '-3',
    '1.5',
    '1e3',
    '.5',
    'NaN',
    '+Inf',
    'x',
    '',
  ],
  ...['7 1700000000', '7 1700000000.123', '7 1e300', '7\t5', '7 ', '7\r', '7 # {t="1"} 0.5', '7 # {t="1"} 0.5 3'],
)
const blank = fc.constantFrom(' ', ' ', ' ', '', '\t', '  ')
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(series, blank, value).map(([{ name, labels }, gap, number]) => name + labels + gap + number),
  },
  fc.constantFrom(
    '# TYPE a counter',
    '# TYPE a gauge',
    '# TYPE b histogram',
    '# HELP a It counts.',
    '# a remark',
    '',
    ' a 5',
    '# EOF',
  ),
)
/** What an endpoint tells over time: the same lines with other values, some gone, some new, some elsewhere. */
const history = fc.array(fc.array(line, { maxLength: 12 }), { minLength: 1, maxLength: 6 }).chain((texts) =>
  fc
    .array(
      fc.record({ of: fc.nat(texts.length - 1), values: fc.array(value, { maxLength: 12 }), turned: fc.boolean() }),
      { maxLength: 8 },
    )
    .map((again) => [
      ...texts,
      ...again.map(({ of, values, turned }) => {
        const known = texts[of] ?? []
        const moved = known.map((each, index) =>
          each.startsWith('#') ? each : each.replace(/ \S+$/, ` ${values[index] ?? index}`),
        )
        return turned ? moved.reverse() : moved
      }),
    ]),
)

test('what was remembered changes nothing of what a text tells', () => {
  fc.assert(
    fc.property(
      history,
      fc.constantFrom<ExpositionFormat>('text', 'openmetrics'),
      fc.constantFrom('\n', ''),
      (texts, format, last) => {
        const memory = remembering()
        for (const lines of texts) {
          const ended = format === 'openmetrics' ? [...lines, '# EOF'] : lines
          const text = ended.join('\n') + last
          expect(flat(text, format, memory)).toEqual(plain(text, format))
        }
      },
    ),
    { numRuns: 3_000 },
  )
})

test('nor of one that is no text of an endpoint', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(pieceOfText, { maxLength: 20 }), { maxLength: 4 }),
      fc.array(fc.constantFrom<ExpositionFormat>('text', 'openmetrics'), { minLength: 4, maxLength: 4 }),
      (texts, formats) => {
        const memory = remembering()
        for (const [index, pieces] of texts.entries()) {
          const [text, format] = [pieces.join(''), formats[index] ?? 'text']
          expect(flat(text, format, memory)).toEqual(plain(text, format))
        }
      },
    ),
    { numRuns: 3_000 },
  )
})

test('a real node_exporter: its lines are known, and only what is new is read again', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../fixtures/node-exporter.prom'), 'utf8')
  const copied: string[] = []
  const memory = newExpositionMemory(target, (each) => {
    copied.push(each)
    return each
  })
  expect(flat(text, 'text', memory)).toEqual(plain(text, 'text'))
  const first = readScrape(text, 'text', at, memory)
  copied.length = 0
  const later = text.replaceAll(/ \d+$/gm, (found) => ` ${Number(found) + 5}`)
  expect(flat(later, 'text', memory)).toEqual(plain(later, 'text'))
  expect(copied).toEqual([])
  const [, ...less] = later.split('\n')
  const churned = ['brand_new_total{x="1"} 3', ...less].join('\n')
  expect(flat(churned, 'text', memory)).toEqual(plain(churned, 'text'))
  expect(copied.length).toBeLessThan(5)
  expect(sizeOf(memory)).toBeGreaterThan(500)
  // Whoever keeps something by the names of a series finds it again.
  const last = readScrape(text, 'text', at, memory)
  if (first.state !== 'read' || last.state !== 'read') throw new Error('It was not read.')
  const known = new Set(first.batch.told)
  expect(last.batch.told.filter((each) => !known.has(each))).toEqual([])
})

test('a text that is refused leaves what is remembered as it was', () => {
  const memory = remembering()
  const text = 'a{x="1"} 5\nb 6\n'
  readScrape(text, 'text', at, memory)
  const { plan } = memory
  expect(readScrape('a{x="1"} 6\n<html>\n', 'text', at, memory)).toMatchObject({ state: 'refused', line: 2 })
  expect(memory.plan).toBe(plan)
  expect(flat(text, 'text', memory)).toEqual(plain(text, 'text'))
})
