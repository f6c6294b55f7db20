import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AppError } from '../../../kernel/app-error.ts'
import { admitDocuments } from '../../catalog/usecases/admit-documents.ts'
import { oncallKinds } from './kinds.ts'
import { readPolicy, readSchedule } from './read-spec.ts'

const admit = async (text: string) => (await admitDocuments(text, oncallKinds, [], async () => [])).documents
async function faultsOf(text: string): Promise<readonly string[]> {
  try {
    await admit(text)
  } catch (error) {
    if (error instanceof AppError) return (error.details.faults ?? []).map((each) => `${each.pointer}: ${each.detail}`)
    throw error
  }
  return []
}
const policy = (spec: string) =>
  `apiVersion: mainstay.dev/v1\nkind: EscalationPolicy\nmetadata: {name: p}\nspec: {${spec}}\n`
const schedule = (spec: string) => `apiVersion: mainstay.dev/v1\nkind: Schedule\nmetadata: {name: s}\nspec: {${spec}}\n`
const rotation =
  'rotations: [{name: r, start: 2026-01-05T09:00, turn: {unit: week, every: 1}, members: [{person: ana}]}]'

test('the documents of the shop are admitted and mean what they say', async () => {
  const text = readFileSync(new URL('../../../../../examples/definitions/shop.yaml', import.meta.url), 'utf8')
  const own = text.split(/^---$/m).filter((part) => /^kind: (Schedule|EscalationPolicy)$/m.test(part))
  const [rota, escalation] = (await admit(own.join('---\n'))).map((each) => each.document)
  if (rota === undefined || escalation === undefined) throw new Error('The shop has lost its rota or its policy.')
  expect(readSchedule(rota, [])).toMatchObject({ name: 'shop-primary', rotations: [{ zone: 'Europe/Berlin' }] })
  expect(readPolicy(escalation)).toEqual({
    name: 'shop-on-call',
    levels: [
      { targets: [{ kind: 'schedule', schedule: 'shop-primary' }], waitMs: 60_000, strategy: 'everyone' },
      { targets: [{ kind: 'person', person: 'ben' }], waitMs: 60_000, strategy: 'everyone' },
    ],
    repeat: 1,
    ackTimeoutMs: 1_800_000,
    pageOnHandOver: true,
    fallbackOwner: 'ana',
  })
})

test.each([
  [policy('levels: [], fallbackOwner: ana'), '/spec/levels'],
  [policy('levels: [{notify: [{person: ana}]}]'), '/spec/fallbackOwner'],
  [policy('levels: [{notify: [{person: ana, schedule: s}]}], fallbackOwner: ana'), '/spec/levels/0/notify/0'],
  [policy('levels: [{notify: [{}]}], fallbackOwner: ana'), '/spec/levels/0/notify/0'],
  [policy('levels: [{notify: [{person: ana}], waitFor: 1s}], fallbackOwner: ana'), '/spec/levels/0/waitFor'],
  [policy('levels: [{notify: [{person: ana}], waitFor: soon}], fallbackOwner: ana'), '/spec/levels/0/waitFor'],
  [
    policy('levels: [{notify: [{person: ana}]}], fallbackOwner: ana, acknowledgementTimeout: 1s'),
    '/spec/acknowledgementTimeout',
  ],
  [policy('levels: [{notify: [{person: ana}]}], fallbackOwner: ana, repeat: 10'), '/spec/repeat'],
  [schedule(`zone: Europe/Berln, ${rotation}`), '/spec/zone'],
  [schedule(`zone: UTC, rotations: []`), '/spec/rotations'],
  [schedule(`zone: UTC, ${rotation.replace('09:00', '25:00')}`), '/spec/rotations/0/start'],
  [schedule(`zone: UTC, ${rotation.replace('every: 1', 'every: 1000')}`), '/spec/rotations/0/turn/every'],
  [schedule(`zone: UTC, ${rotation.replace('week', 'fortnight')}`), '/spec/rotations/0/turn/unit'],
])('%s is refused at its place', async (text, pointer) => {
  expect((await faultsOf(text)).map((each) => each.split(': ')[0])).toContain(pointer)
})

test('never is never, and what is left out has its default', async () => {
  const [one] = await admit(
    policy('levels: [{notify: [{person: ana}]}], fallbackOwner: ana, acknowledgementTimeout: never'),
  )
  expect(one?.warnings.map((each) => each.pointer)).toEqual(['/spec/levels'])
  expect(one === undefined ? null : readPolicy(one.document)).toMatchObject({
    ackTimeoutMs: null,
    repeat: 0,
    levels: [{ waitMs: 300_000 }],
  })
})
