import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hashSources } from '../ready/sources.mjs'
import { limitBytes, measureConsole, routeSizes, tooHeavy } from './bundle-size.mjs'
import { addCounts, closingLine, isGreen } from './closing-line.mjs'
import CountReporter from './count-reporter.mjs'
import { locate } from './outside-programs.mjs'

const folder = mkdtempSync(join(tmpdir(), 'mainstay-tools-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, '12 passed, 0 failed', true],
  [{ passed: 12, failed: 1, skipped: 2 }, '12 passed, 1 failed, 2 skipped', false],
  [{ passed: 0, failed: 0, skipped: 0 }, '0 passed, 0 failed', false],
  [{ passed: 0, failed: 0, skipped: 9 }, '0 passed, 0 failed, 9 skipped', false],
])('%j closes with %s', (counts, line, green) => {
  expect(closingLine(counts)).toBe(line)
  expect(isGreen(counts)).toBe(green)
})

test('counts add up', () => {
  expect(addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 })).toEqual({
    passed: 11,
    failed: 22,
    skipped: 33,
  })
})

test('a file that cannot be loaded, a broken suite and an unhandled error each count as failed and are named', async () => {
  const file = join(folder, 'counts.json')
  const before = process.env.MAINSTAY_TEST_COUNTS
  process.env.MAINSTAY_TEST_COUNTS = file
  const tests = ['passed', 'passed', 'failed', 'pending', 'skipped'].map((state) => ({
    fullName: state,
    result: () => ({ state, errors: state === 'failed' ? [new Error('{ seed: 7 }\nexpected 1 to be 2')] : [] }),
  }))
  const module = (errors: unknown[], suites: unknown[]) => ({
    relativeModuleId: 'a.test.ts',
    errors: () => errors,
    children: { allTests: () => tests, allSuites: () => suites },
  })
  const broken = { fullName: 'a suite', errors: () => [new Error('beforeAll')] }
  new CountReporter().onTestRunEnd([module([new Error('no such import')], [broken])], [new Error('unhandled')])
  if (before === undefined) delete process.env.MAINSTAY_TEST_COUNTS
  else process.env.MAINSTAY_TEST_COUNTS = before
  const { default: counts } = await import(file, { with: { type: 'json' } })
  expect(counts).toEqual({
    ...{ passed: 2, failed: 5, skipped: 1, skippedNames: ['a.test.ts > skipped'] },
    failures: [
      { name: 'a.test.ts', why: 'no such import' },
      { name: 'a.test.ts > failed', why: '{ seed: 7 }\nexpected 1 to be 2' },
      { name: 'a.test.ts > pending', why: '' },
      { name: 'a.test.ts > a suite', why: 'beforeAll' },
      { name: 'outside of every test', why: 'unhandled' },
    ],
  })
})

test('a route costs the entry, its own chunks and what they import, each once', () => {
  const manifest = {
    'index.html': { isEntry: true, file: 'main.js', imports: ['_react.js'] },
    '_react.js': { file: 'react.js' },
    '_chart.js': { file: 'chart.js', imports: ['_react.js'] },
    'alerts.tsx': { isDynamicEntry: true, file: 'alerts.js', imports: ['_react.js', 'index.html'] },
    'slo.tsx': { isDynamicEntry: true, file: 'slo.js', imports: ['_chart.js'] },
  }
  const sizes: Record<string, number> = {
    'main.js': 1,
    'react.js': 10,
    'chart.js': 100,
    'alerts.js': 1000,
    'slo.js': 10_000,
  }
  expect(routeSizes(manifest, (file: string) => sizes[file] ?? 0)).toEqual([
    { route: 'slo.tsx', bytes: 10_111 },
    { route: 'alerts.tsx', bytes: 1011 },
    { route: 'every page', bytes: 11 },
  ])
})

test('a build with a route over the limit is refused with its name; one at the limit passes', () => {
  const built = join(folder, 'built')
  mkdirSync(join(built, '.vite'), { recursive: true })
  // Noise does not get smaller by compressing, so the second route is over the limit as it is sent.
  writeFileSync(join(built, 'main.js'), 'small')
  writeFileSync(join(built, 'heavy.js'), randomBytes(limitBytes))
  const manifest = {
    'index.html': { isEntry: true, file: 'main.js' },
    'light.tsx': { isDynamicEntry: true, file: 'main.js' },
    'heavy.tsx': { isDynamicEntry: true, file: 'heavy.js' },
  }
  writeFileSync(join(built, '.vite/manifest.json'), JSON.stringify(manifest))
  expect(tooHeavy(measureConsole(built))).toEqual([expect.stringMatching(/^heavy\.tsx needs 200\.\d kB of script/)])
  expect(tooHeavy([{ route: 'just.tsx', bytes: limitBytes }])).toEqual([])
})

test('a program is taken as set, or from PATH; a setting that points nowhere finds nothing', () => {
  const file = join(folder, 'played-browser')
  writeFileSync(file, '#!/bin/sh\n')
  const wanted = { setting: 'PLAYED', names: ['other', 'played-browser'] }
  expect(locate(wanted, { PATH: folder })).toBeNull()
  chmodSync(file, 0o755)
  expect(locate(wanted, { PATH: `/nowhere:${folder}` })).toBe(file)
  expect(locate(wanted, { PATH: folder, PLAYED: '/nowhere/browser' })).toBeNull()
  expect(locate(wanted, { PATH: '', PLAYED: file })).toBe(file)
})

test('the hash of the sources knows content and name, and leaves tests out', () => {
  const tree = mkdtempSync(join(folder, 'tree-'))
  const write = (name: string, text: string) => writeFileSync(join(tree, name), text)
  write('package.json', '{}')
  const first = hashSources(tree)
  expect(hashSources(tree)).toBe(first)
  write('package.json', '{ }')
  const second = hashSources(tree)
  expect(second).not.toBe(first)
  write('unrelated.ts', '')
  expect(hashSources(tree)).toBe(second)
})
