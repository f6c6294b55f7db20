import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const origin = 'https://metrics.example'

test('a secret goes only where its owner said', () => {
  const { secrets } = readConfig({
    MAINSTAY_SECRET_METRICS: 'canary',
    MAINSTAY_SECRET_METRICS_FOR: `${origin}/, http://10.0.0.5:9090`,
    MAINSTAY_SECRET_OTHER: 'canary',
  })
  expect(secrets.for('METRICS', `${origin}/prometheus`)).toBe('canary')
  expect(secrets.for('METRICS', 'http://10.0.0.5:9090/x')).toBe('canary')
  for (const url of ['http://metrics.example', 'https://metrics.example:8443', 'https://metrics.example.evil.example'])
    expect(() => secrets.for('METRICS', url)).toThrow(/may not be sent.*MAINSTAY_SECRET_METRICS_FOR=/)
  expect(() => secrets.for('OTHER', origin)).toThrow(/may not be sent/)
})

test('a file is read at each use, so that a rotated secret counts at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-secret-'))
  const file = join(folder, 'token')
  const { secrets } = readConfig({ MAINSTAY_SECRET_TOKEN_FILE: file, MAINSTAY_SECRET_TOKEN_FOR: origin })
  expect(() => secrets.for('TOKEN', origin)).toThrow(/cannot be read/)
  writeFileSync(file, 'one\n')
  expect(secrets.for('TOKEN', origin)).toBe('one')
  writeFileSync(file, 'two\n')
  expect(secrets.for('TOKEN', origin)).toBe('two')
  writeFileSync(file, 'two\r\nX-Evil: 1\n')
  expect(() => secrets.for('TOKEN', origin)).toThrow(/more than one line/)
  rmSync(folder, { recursive: true })
})

test.each([
  [{ MAINSTAY_SECRET_A_FOR: 'metrics.example' }, /origins/],
  [{ MAINSTAY_SECRET_A_FOR: 'https://a:b@metrics.example' }, /origins/],
  [{ MAINSTAY_SECRET_a: 'x' }, /names no secret/],
])('%j stops the start', (environment, sentence) => {
  let faults: readonly { detail: string }[] = []
  try {
    readConfig(environment)
  } catch (error) {
    faults = (error as { details: { faults: typeof faults } }).details.faults
  }
  expect(faults.map((each) => each.detail).join()).toMatch(sentence)
})
