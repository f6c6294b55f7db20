import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute, second } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { incidentKinds } from '../../incidents/core/index.ts'
import {
  type ActionKind,
  actionKinds,
  ask,
  decide,
  fillIn,
  isOver,
  limits,
  listenersOf,
  mayStart,
  nextMove,
  type Outcome,
  readWorkflow,
  refusalOf,
  retry,
  type Step,
  type StepRun,
  settle,
  speaksForUs,
  stateOf,
  triggers,
  untouched,
  type Workflow,
} from './index.ts'

const steps: Readonly<Record<ActionKind, JsonObject>> = {
  page: { page: { policy: 'web' } },
  chat: { chat: {} },
  ticket: { ticket: { at: 'ops' } },
  task: { task: { text: 'Tell support', dueIn: '15m' } },
  assign: { assign: { role: 'commander', schedule: 'leads' } },
  update: { update: { audience: 'company' } },
  status: { status: { page: 'public' } },
  webhook: { webhook: { hook: 'bot' } },
  call: { call: { hook: 'meet' } },
}
const read = (...given: readonly JsonObject[]) => readWorkflow('flow', null, { on: ['declared'], steps: given })
const stepOf = (kind: ActionKind, more: JsonObject = {}): Step => {
  const [step] = read({ ...steps[kind], ...more }).steps
  if (step === undefined) throw new Error(`${kind} is not read.`)
  return step
}
const noon = instant(Date.UTC(2026, 2, 2, 12))
const ran = (state: StepRun['state'], more: Partial<StepRun> = {}): StepRun => ({ ...untouched, state, ...more })
const failure = { kind: 'failed', because: 'It is away.', passing: true } as const
const success: Outcome = { kind: 'done', said: 'Done.', link: null }

test('every kind of step is read as it is written, and what says two things or nothing is no step', () => {
  for (const kind of actionKinds) expect(stepOf(kind).action.kind).toBe(kind)
  expect(stepOf('task').action).toEqual({ kind: 'task', text: 'Tell support', owner: null, dueInMs: 15 * minute })
  expect(stepOf('chat').action).toEqual({ kind: 'chat', chat: 'slack' })
  expect(stepOf('update', { update: { audience: 'customer', customer: 'acme' } }).action).toEqual({
    ...{ kind: 'update', to: { audience: 'customer', customer: 'acme' }, text: null },
  })
  expect(read({ update: { audience: 'customer' } }).steps).toEqual([])
  expect(read({ ...steps.task, ...steps.page }).steps).toEqual([])
  expect(read({ continueOnError: true }).steps).toEqual([])
  expect(stepOf('webhook')).toMatchObject({
    timeoutMs: 10 * second,
    retries: 3,
    continueOnError: false,
    approval: null,
  })
  expect(stepOf('webhook', { timeout: '30s', retries: 0, requireApproval: 'commander' })).toMatchObject({
    timeoutMs: 30 * second,
    retries: 0,
    approval: 'commander',
  })
})

test('words that are ours always wait for a person', () => {
  for (const kind of actionKinds) {
    const step = stepOf(kind)
    expect(step.approval === null, kind).toBe(!speaksForUs(step.action))
  }
})

const incident = { id: 'id-1', number: 7, title: 'A & B', severity: 'SEV1', url: 'https://m.example/i/7' }
test.each([
  ['Incident {number}: {title}', 'Incident 7: A & B'],
  ['{severity} {url} {id}', 'SEV1 https://m.example/i/7 id-1'],
  ['{who} and {} stay', '{who} and {} stay'],
  ['{constructor} {toString}', '{constructor} {toString}'],
])('%s is filled in', (template, text) => expect(fillIn(template, incident)).toBe(text))
test('what is not known of an incident stays as it is written', () =>
  expect(fillIn('{number} {severity} {url}', { number: 7 })).toBe('7 {severity} {url}'))
test('what is filled into an address is written as part of one', () =>
  expect(fillIn('https://meet.example/{number}-{title}', incident, encodeURIComponent)).toBe(
    'https://meet.example/7-A%20%26%20B',
  ))

const workflowsOf = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    enabled: fc.boolean(),
    on: fc.subarray([...triggers], { minLength: 1 }),
    once: fc.boolean(),
  }),
  { maxLength: 6 },
)
const whole = (part: Pick<Workflow, 'name' | 'enabled' | 'on' | 'once'>): Workflow => ({ ...read(steps.task), ...part })

test('each workflow that listens runs once, in the order of names, and nothing that a workflow did starts any', () => {
  fc.assert(
    fc.property(
      workflowsOf,
      fc.constantFrom(...triggers),
      fc.boolean(),
      fc.constantFrom(...incidentKinds),
      fc.nat(),
      (given, trigger, byWorkflow, kind, entry) => {
        const found = listenersOf(given.map(whole), { trigger, entry, byWorkflow, kind }).map((each) => each.name)
        expect(found).toEqual([...new Set(found)].sort())
        if (byWorkflow || kind === 'backfilled' || kind === 'scheduled') expect(found).toEqual([])
        else
          expect(new Set(found)).toEqual(
            new Set(given.filter((each) => each.enabled && each.on.includes(trigger)).map((each) => each.name)),
          )
      },
    ),
  )
})

test('whatever happens how often, a workflow runs once for each occurrence, once at all if it says so, and never for ever', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 120 }), fc.boolean(), (entries, once) => {
      const before: string[] = []
      for (const entry of entries) {
        const start = mayStart(whole({ name: 'a', enabled: true, on: ['declared'], once }), { entry, before })
        if (start.ok) before.push(start.occurrence)
      }
      expect(new Set(before).size).toBe(before.length)
      const different = once ? Math.min(1, entries.length) : new Set(entries).size
      expect(before).toHaveLength(Math.min(different, limits.runsOfIncident))
    }),
  )
})

test.each([
  ['normal', false, []],
  ['normal', true, []],
  ['drill', false, ['page', 'status']],
  ['security', false, ['page', 'chat', 'ticket', 'assign', 'status', 'webhook', 'call']],
  ['security', true, ['status']],
  ['backfilled', true, [...actionKinds]],
] as const)('in a %s incident (restricted: %s) these are refused: %s', (kind, restricted, refused) => {
  const found = actionKinds.filter((each) => refusalOf(stepOf(each), { kind }, { restricted }) !== null)
  expect(found).toEqual(refused)
})

test('steps go in their order, and one that is tried again is waited for', () => {
  const two = [stepOf('task'), stepOf('ticket')]
  expect(nextMove(two, [untouched, untouched], noon)).toEqual({ kind: 'perform', step: 0 })
  expect(nextMove(two, [ran('done'), untouched], noon)).toEqual({ kind: 'perform', step: 1 })
  const later = settle(two[0] ?? stepOf('task'), untouched, failure, noon)
  expect(later).toMatchObject({ state: 'pending', attempts: 1, dueAt: plus(noon, 10 * second) })
  expect(nextMove(two, [later, untouched], noon)).toEqual({ kind: 'wait', until: plus(noon, 10 * second) })
  expect(nextMove(two, [later, untouched], plus(noon, 10 * second))).toEqual({ kind: 'perform', step: 0 })
  expect(nextMove(two, [ran('done'), ran('done')], noon)).toEqual({ kind: 'end' })
})

test('what failed holds up the rest, unless it says that it does not matter', () => {
  const strict = [stepOf('ticket'), stepOf('task')]
  const lenient = [stepOf('ticket', { continueOnError: true }), stepOf('task')]
  const failed = [ran('failed'), untouched]
  expect(nextMove(strict, failed, noon)).toMatchObject({ kind: 'skip', step: 1 })
  expect(nextMove(lenient, failed, noon)).toEqual({ kind: 'perform', step: 1 })
  const waiting = [ran('pending', { dueAt: plus(noon, minute) }), untouched]
  expect(nextMove(lenient, waiting, noon)).toEqual({ kind: 'perform', step: 1 })
  const calling = [ran('calling'), untouched]
  expect(nextMove([stepOf('webhook', { continueOnError: true }), stepOf('task')], calling, noon)).toMatchObject({
    step: 1,
  })
  expect(nextMove([stepOf('webhook'), stepOf('task')], calling, noon)).toEqual({ kind: 'wait', until: null })
})

test('who waits for a person holds up nobody, and is given up after a day', () => {
  const two = [stepOf('update'), stepOf('page')]
  expect(nextMove(two, [untouched, untouched], noon)).toEqual({ kind: 'ask', step: 0 })
  const asked = ask(untouched, 'The draft.', noon)
  expect(nextMove(two, [asked, untouched], noon)).toEqual({ kind: 'perform', step: 1 })
  expect(nextMove(two, [asked, ran('done')], noon)).toEqual({ kind: 'wait', until: plus(noon, 24 * hour) })
  expect(nextMove(two, [asked, ran('done')], plus(noon, 24 * hour))).toEqual({ kind: 'give-up', step: 0 })
  const yes = decide(asked, { by: 'ana', approve: true, text: 'Better words.', now: noon })
  expect(yes).toMatchObject({ ok: true, run: { state: 'pending', approvedBy: 'ana', draft: 'Better words.' } })
  if (yes.ok) expect(nextMove(two, [yes.run, ran('done')], noon)).toEqual({ kind: 'perform', step: 0 })
  const no = decide(asked, { by: 'ana', approve: false, text: null, now: noon })
  expect(no).toMatchObject({ ok: true, run: { state: 'rejected' } })
  expect(decide(ran('done'), { by: 'ana', approve: true, text: null, now: noon }).ok).toBe(false)
})

test('once more: the step and those it held up begin anew', () => {
  const runs = [ran('done'), ran('failed', { attempts: 4 }), ran('skipped'), ran('done')]
  expect(retry(runs, 1, noon)?.map((each) => [each.state, each.attempts])).toEqual([
    ['done', 0],
    ['pending', 0],
    ['pending', 0],
    ['done', 0],
  ])
  for (const state of ['done', 'pending', 'calling', 'approval'] as const)
    expect(retry([ran(state)], 0, noon), state).toBeNull()
})

// Plays a run against an outside that fails as it likes and people who answer as they like.
const played = fc.record({
  kinds: fc.array(
    fc.record({
      kind: fc.constantFrom(...actionKinds),
      continueOnError: fc.boolean(),
      retries: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  luck: fc.infiniteStream(fc.constantFrom('works', 'fails', 'breaks', 'refused', 'dies')),
  people: fc.infiniteStream(fc.constantFrom('yes', 'no', 'nobody')),
})

interface Play {
  readonly runs: readonly StepRun[]
  readonly tries: readonly number[]
  readonly doneIn: readonly number[]
  readonly moves: number
}

function play(declared: readonly Step[], luck: Iterator<string>, people: Iterator<string>): Play {
  let runs: readonly StepRun[] = declared.map(() => untouched)
  const tries = declared.map(() => 0)
  const doneIn: number[] = []
  let now: Instant = noon
  const set = (index: number, run: StepRun) => {
    runs = runs.map((each, at) => (at === index ? run : each))
  }
  for (let moves = 0; moves < 2_000; moves += 1) {
    const move = nextMove(declared, runs, now)
    if (move.kind === 'end') return { runs, tries, doneIn, moves }
    if (move.kind === 'wait') {
      const waiting = runs.findIndex((each) => each.state === 'approval')
      const said = waiting === -1 ? 'nobody' : people.next().value
      const run = runs[waiting]
      if (said !== 'nobody' && run !== undefined) {
        const verdict = decide(run, { by: 'ana', approve: said === 'yes', text: null, now })
        if (verdict.ok) set(waiting, verdict.run)
      } else if (move.until !== null) now = move.until
      continue
    }
    const step = declared[move.step]
    const run = runs[move.step]
    if (step === undefined || run === undefined) throw new Error('A move is about a step.')
    if (move.kind === 'skip') set(move.step, { ...run, state: 'skipped' })
    else if (move.kind === 'give-up') set(move.step, { ...run, state: 'rejected' })
    else if (move.kind === 'ask') set(move.step, ask(run, 'A draft.', now))
    else {
      const what = luck.next().value
      // Killed before anything was written: the same move comes again.
      if (what === 'dies') continue
      tries[move.step] = (tries[move.step] ?? 0) + 1
      const outcome: Outcome =
        what === 'works'
          ? success
          : what === 'refused'
            ? { kind: 'refused', because: 'No.' }
            : { ...failure, passing: what === 'fails' }
      const settled = settle(step, run, outcome, now)
      set(move.step, settled)
      if (settled.state === 'done') doneIn.push(move.step)
    }
  }
  throw new Error('It never ends.')
}

test('whatever fails, dies or is not answered, a run ends; nothing is done twice, and order holds', () => {
  fc.assert(
    fc.property(played, ({ kinds, luck, people }) => {
      const declared = kinds.map(({ kind, continueOnError, retries }) => stepOf(kind, { continueOnError, retries }))
      const { runs, tries, doneIn } = play(declared, luck[Symbol.iterator](), people[Symbol.iterator]())
      expect(runs.every((each) => isOver(each.state))).toBe(true)
      expect(['done', 'failed']).toContain(stateOf(runs))
      expect(new Set(doneIn).size).toBe(doneIn.length)
      for (const [index, step] of declared.entries()) {
        expect(tries[index]).toBeLessThanOrEqual(step.retries + 1)
        expect((tries[index] ?? 0) > 0 && step.approval !== null && runs[index]?.approvedBy === null).toBe(false)
      }
      // Nothing that asks nobody is done before what it comes after, unless that did not matter or waited for a person.
      for (const [at, index] of doneIn.entries())
        for (const later of doneIn.slice(at + 1)) {
          const [first, after] = [declared[later], declared[index]]
          if (later < index && after !== undefined && first !== undefined)
            expect(first.continueOnError || first.approval !== null).toBe(true)
        }
    }),
    { numRuns: 300 },
  )
})
