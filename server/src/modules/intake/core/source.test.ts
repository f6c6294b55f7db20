import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { formats } from './formats.ts'
import { readDefinition } from './read-definition.ts'
import { setUpOf, tokenPlaceholder } from './set-up.ts'
import { complete } from './source.ts'
import { judgeSilence } from './watch.ts'

const at = (ms: number) => instant(1_000_000 + ms)
const heartbeat = { everyMs: 5 * minute, graceMs: minute, severity: 'critical', alert: null } as const

test.each([
  { what: 'never spoke', beat: null, silent: null, now: 60 * minute, is: 'none' },
  { what: 'spoke lately', beat: 0, silent: null, now: 6 * minute - 1, is: 'none' },
  { what: 'is overdue', beat: 0, silent: null, now: 6 * minute, is: 'alarm' },
  { what: 'is overdue and known to be', beat: 0, silent: 0, now: 60 * minute, is: 'none' },
  { what: 'speaks again', beat: 59 * minute, silent: 0, now: 60 * minute, is: 'recovered' },
])('$what: $is', ({ beat, silent, now, is }) => {
  const listened = { beatAt: beat === null ? null : at(beat), silentSince: silent === null ? null : at(silent) }
  expect(judgeSilence({ title: 'Prom', heartbeat }, listened, at(now)).kind).toBe(is)
})

test('an alarm about a source nobody watches any more ends', () => {
  expect(judgeSilence({ title: 'P', heartbeat: null }, { beatAt: at(0), silentSince: at(0) }, at(1)).kind).toBe(
    'recovered',
  )
})

const source = readDefinition({
  name: 'shop',
  displayName: null,
  spec: { format: 'generic', service: 'checkout', severity: 'warning', severities: { ' Ouch ': 'critical', odd: 'x' } },
})

test('what the sender says comes before what is declared', () => {
  expect(source.severities).toEqual({ ouch: 'critical' })
  const draft = (more: object) => complete(source, { status: 'firing', ...more })
  expect(draft({})).toMatchObject({ source: 'in/shop', service: 'checkout', severity: 'warning' })
  expect(draft({ service: 'search', severity: 'info' })).toMatchObject({ service: 'search', severity: 'info' })
  expect(draft({ labels: { app: 'cart', severity: 'page' } })).toMatchObject({ service: 'cart', severity: 'page' })
})

test.each(formats)('the set-up text of %s holds the address and the token', (format) => {
  const text = setUpOf(format, { url: 'https://mainstay.example', source: 'shop', mail: 'mainstay.example' })
    .map((step) => step.text)
    .join('\n')
  expect(text).toContain('mainstay.example')
  expect(text).toContain(tokenPlaceholder)
})
