import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitAlerts } from './split-alerts.ts'

const alert = (more: object = {}) => ({
  labels: { alertname: 'Down', endsAt: 'a label of this name' },
  annotations: { summary: 'It says "down" \\ {[' },
  ...{ startsAt: '2026-03-01T03:00:00Z', endsAt: '2026-03-01T03:04:00Z' },
  generatorURL: 'http://prometheus.shop.example/graph',
  ...more,
})

test('two alerts that differ in their end have the same words', () => {
  const body = JSON.stringify(
    [alert(), alert({ endsAt: '2026-03-01T03:05:00Z' }), alert({ status: 'firing' })],
    null,
    2,
  )
  const pieces = splitAlerts(` \n${body}\t`) ?? []
  expect(pieces.map(({ endsAt }) => endsAt)).toEqual([
    '2026-03-01T03:04:00Z',
    '2026-03-01T03:05:00Z',
    '2026-03-01T03:04:00Z',
  ])
  expect(pieces[1]?.words).toBe(pieces[0]?.words)
  expect(pieces[2]?.words).not.toBe(pieces[0]?.words)
})

test.each([
  ['no list', JSON.stringify(alert())],
  ['an empty list', '[]'],
  ['nothing', ''],
  ['a list of texts', '["endsAt"]'],
  ['no end', JSON.stringify([alert({ endsAt: undefined })])],
  ['an end that is no text', JSON.stringify([alert({ endsAt: null })])],
  ['an end inside', '[{"labels":{"endsAt":"x"}}]'],
  ['two ends', '[{"endsAt":"x","endsAt":"y"}]'],
  ['two ends, one in disguise', String.raw`[{"endsAt":"x","ends\u0041t":"y"}]`],
  ['an end that does not end', '[{"endsAt":"x'],
  ['an alert that does not end', '[{"endsAt":"x"'],
  ['a list that does not end', '[{"endsAt":"x"},'],
  ['more after the list', '[{"endsAt":"x"}] 1'],
])('%s: only a parser can tell', (_, body) => {
  expect(splitAlerts(body)).toBeNull()
})

const texts = fc.string({
  unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', ' ', 'endsAt', 'é', '😀', 'a'),
})
const alerts = fc
  .array(
    fc.record(
      {
        endsAt: texts,
        labels: fc.dictionary(texts, texts, { maxKeys: 3 }),
        annotations: fc.dictionary(texts, texts, { maxKeys: 3 }),
        more: fc.jsonValue(),
      },
      { noNullPrototype: true },
    ),
    { minLength: 1, maxLength: 5 },
  )
  // As JSON can say it: it has no negative zero.
  .map((given): typeof given => JSON.parse(JSON.stringify(given)))

test('the pieces are the alerts, whatever they hold', () => {
  fc.assert(
    fc.property(alerts, fc.constantFrom(undefined, 1, '\t'), (given, space) => {
      const pieces = splitAlerts(JSON.stringify(given, null, space)) ?? []
      expect(pieces.map(({ text }) => JSON.parse(text))).toEqual(given)
      expect(pieces.map(({ endsAt }) => JSON.parse(`"${endsAt}"`))).toEqual(given.map(({ endsAt }) => endsAt))
    }),
  )
})

test('with another end the same words are the same alert but for its end', () => {
  fc.assert(
    fc.property(alerts, (given) => {
      const end = '2026-03-01T03:05:00Z'
      for (const [index, { words }] of (splitAlerts(JSON.stringify(given)) ?? []).entries())
        expect(JSON.parse(words.replace('\u0000', end))).toEqual({ ...given[index], endsAt: end })
    }),
  )
})

test('of a text that is no JSON, it never finds the words of one that is', () => {
  const broken = fc.string({
    unit: fc.constantFrom('"endsAt":"x"', '"', '\\', '{', '}', '[', ']', ':', ',', '1'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(broken, (inner) => {
      const text = `{"endsAt":"x",${inner}}`
      const valid = (one: string) => {
        try {
          JSON.parse(one)
          return true
        } catch {
          return false
        }
      }
      for (const { words } of splitAlerts(`[${text}]`) ?? [])
        expect(valid(words.replace('\u0000', 'y'))).toBe(valid(words.replace('\u0000', 'x')))
    }),
  )
})
