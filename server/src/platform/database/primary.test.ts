import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { choosePrimary } from './primary.ts'
import { timelineFile, timelineMemoryIn } from './timeline-file.ts'

const at = (host: string) => ({ host: { host, port: 5432 } })
const primary = (host: string, timeline: number, system = 'main') => ({ ...at(host), writes: true, system, timeline })
const standby = (host: string) => ({ ...at(host), writes: false, system: 'main', timeline: 0 })
const silent = (host: string) => ({ ...at(host), trouble: 'it does not answer' })
const seen = (timeline: number, system = 'main') => ({ system, timeline })

test.each([
  ['the only one that writes', [standby('a'), primary('b', 1)], null, 'b'],
  ['the one that answers', [silent('a'), primary('b', 2)], seen(1), 'b'],
  ['the one on the newest timeline, when a former primary is back', [primary('a', 1), primary('b', 2)], null, 'b'],
  ['the first of DATABASE_URL, when both are as new', [primary('a', 2), primary('b', 2)], null, 'a'],
  ['none, when only a former primary answers', [primary('a', 1), silent('b')], seen(2), null],
  ['none, when all are standbys', [standby('a'), standby('b')], seen(2), null],
  ['none, when nobody answers', [silent('a'), silent('b')], null, null],
  ['the cluster that is known before another one', [primary('a', 9, 'other'), primary('b', 2)], seen(2), 'b'],
  ['another cluster, when it is all there is', [primary('a', 1, 'other'), silent('b')], seen(2), 'a'],
  ['the one that was restored to an earlier state, on a timeline of its own', [primary('a', 3)], seen(2), 'a'],
] as const)('chosen is %s', (_name, answers, newest, chosen) => {
  expect(choosePrimary(answers, newest)?.host.host ?? null).toBe(chosen)
})

test('the newest timeline outlives the process, and half a file is none', () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'mainstay-timeline-')), 'made', 'on the way')
  onTestFinished(() => rmSync(path.dirname(path.dirname(folder)), { recursive: true, force: true }))
  const memory = timelineMemoryIn(folder)
  expect(memory.read()).toBeNull()
  memory.write(seen(7))
  expect(timelineMemoryIn(folder).read()).toEqual(seen(7))
  const file = path.join(folder, timelineFile)
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 9))
  expect(memory.read()).toBeNull()
})
