import { expect, test } from 'vitest'
import { createStyle } from '../../print/style.ts'
import { widthOf } from '../../print/text-width.ts'
import { welcome } from './welcome.ts'

const shell = { environment: {}, version: '1.2.3' }
const started = {
  url: 'http://127.0.0.1:8420',
  setupUrl: 'http://127.0.0.1:8420/setup#DKiIlJyaO2Ua5FQMHSpIvvyw2cLSRgBXiPtNA1JoKa8',
  description: 'PostgreSQL 18.4, started, in /home/ana/.local/share/mainstay',
  shop: 'http://127.0.0.1:4100',
}

test.each([
  ['everything', started],
  ['no demo', { ...started, shop: null }],
  ['somebody has signed up', { ...started, setupUrl: null }],
])('one screen of 80 columns and 24 lines: %s', (_name, facts) => {
  const lines = welcome(facts, shell, createStyle(false)).split('\n')
  expect(lines.length).toBeLessThanOrEqual(24)
  for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(90)
})

test('the one-time link is shown once, and not when nobody needs it', () => {
  const text = welcome(started, shell, createStyle(false))
  expect(text.split(started.setupUrl)).toHaveLength(2)
  expect(welcome({ ...started, setupUrl: null }, shell, createStyle(false))).not.toContain('/setup')
})

test('what to try next are commands that work the way it was started', () => {
  const byNpm = { ...shell, environment: { npm_lifecycle_event: 'start' } }
  expect(welcome(started, shell, createStyle(false))).toContain('mainstay demo break payment')
  expect(welcome(started, byNpm, createStyle(false))).toContain('npm run demo -- break payment')
  expect(welcome({ ...started, shop: null }, shell, createStyle(false))).not.toContain('break')
})
