// The declarative kind ErrorBudgetPolicy: what happens at which level of the budget.
import { type Static, Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { day, parseDuration } from '../../../kernel/duration.ts'
import { divide, parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import { Name, Words } from '../../../platform/http/schemas.ts'
import type { Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import {
  type BudgetPolicy,
  type Condition,
  causeClasses,
  conditionFault,
  defaultHeldMs,
  type PolicyAction,
  type PolicyStep,
  usualLeave,
} from '../core/policy.ts'
import { removePolicy, savePolicy } from '../policies.store.ts'

const Percent = (description: string) =>
  Type.String({ pattern: '^-?\\d{1,5}(\\.\\d{1,4})? ?%$', maxLength: 14, description })
const Span = (description: string) => Type.String({ pattern: '^(\\d{1,9}(s|m|h|d|w))+$', maxLength: 20, description })
const Names = (most: number, description?: string) =>
  Type.Array(Name, { maxItems: most, ...(description === undefined ? {} : { description }) })
const Hold = Type.Object({
  allow: Type.Optional(
    Names(20, 'Kinds of change that pass all the same: `rollback` and `security` unless said otherwise.'),
  ),
  lasts: Type.Optional(Span('Ends after so long, even while the step is still entered: 14d')),
})
const Action = Type.Object({
  notify: Type.Optional(
    Type.Object({
      people: Type.Optional(Names(50)),
      teams: Type.Optional(Names(20)),
      schedules: Type.Optional(Names(20, 'Whoever is on call then.')),
    }),
  ),
  openTask: Type.Optional(
    Type.Object({
      title: Type.String({ minLength: 3, maxLength: 200 }),
      person: Type.Optional(Name),
      team: Type.Optional(Name),
      due: Span('After the step is entered: 5d'),
    }),
  ),
  requireApproval: Type.Optional(Hold),
  freezeChanges: Type.Optional(Hold),
})
const Step = Type.Object({
  name: Name,
  when: Type.Object({
    remainingAtMost: Type.Optional(Percent('Of the budget: 50%')),
    incidentAbove: Type.Optional(Percent('Of the budget of the window, spent by one incident: 20%')),
    causeAbove: Type.Optional(
      Type.Object({
        causes: Type.Array(Words(causeClasses), { minItems: 1, maxItems: causeClasses.length }),
        share: Percent('Of the budget of the calendar quarter (UTC), spent by one of these classes: 20%'),
      }),
    ),
  }),
  leave: Type.Optional(
    Type.Object({
      at: Type.Optional(
        Percent(
          'The budget left must be above it (usual: 5 points above the level), a share at most it (four fifths).',
        ),
      ),
      for: Type.Optional(Span('For so long, by the time of the measurements; 1h unless said.')),
    }),
  ),
  do: Type.Array(Action, { minItems: 1, maxItems: 10 }),
})
const Spec = Type.Object({
  appliesTo: Type.Optional(
    Type.Object(
      {
        objectives: Type.Optional(Names(100)),
        journeys: Type.Optional(Names(100, 'Journey objectives. Steps about causes say nothing of them.')),
        services: Type.Optional(Names(100)),
        teams: Type.Optional(Names(100)),
        tiers: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 3 }), { maxItems: 4 })),
      },
      { description: 'Any of these; without it, all objectives. A journey only by its name.' },
    ),
  ),
  calendarBudget: Type.Optional(
    Words(['to-date', 'projected'], 'Of calendar windows: as spent so far (usual), or if the rest is as busy.'),
  ),
  approvers: Type.Optional(
    Type.Object({
      role: Type.Optional(Words(['responder', 'editor', 'admin'], '`editor` unless said.')),
      teams: Type.Optional(Names(20, 'Beside the team of the service.')),
    }),
  ),
  longestException: Type.Optional(Span('14d unless said.')),
  steps: Type.Array(Step, { minItems: 1, maxItems: 20 }),
})
type Spec = Static<typeof Spec>

/** The shape was checked: the schema above is what `admit` is called after. */
const specOf = ({ spec }: ResourceDocument): Spec => JSON.parse(JSON.stringify(spec))
const percent = (text: string): Rational =>
  divide(parseRational(text.replace('%', '').trim()) ?? rational(0), rational(100))
const span = (text: string | undefined, usual: number): number =>
  text === undefined ? usual : (parseDuration(text) ?? usual)

function conditionOf({ when, leave }: Spec['steps'][number]): Condition | null {
  const { remainingAtMost, incidentAbove, causeAbove } = when
  const leavesAt = leave?.at === undefined ? null : percent(leave.at)
  if (remainingAtMost !== undefined) {
    const atMost = percent(remainingAtMost)
    return { kind: 'remaining', atMost, leavesAbove: leavesAt ?? usualLeave.remaining(atMost) }
  }
  const share = incidentAbove ?? causeAbove?.share
  if (share === undefined) return null
  const above = percent(share)
  const levels = { above, leavesAtMost: leavesAt ?? usualLeave.share(above) }
  return causeAbove === undefined
    ? { kind: 'incident', ...levels }
    : { kind: 'class', causes: [...new Set(causeAbove.causes)], ...levels }
}

function actionOf({ notify, openTask, requireApproval, freezeChanges }: Static<typeof Action>): PolicyAction | null {
  if (notify !== undefined) {
    const { people = [], teams = [], schedules = [] } = notify
    return { kind: 'notify', to: { people, teams, schedules } }
  }
  if (openTask !== undefined) {
    const { title, person, team, due } = openTask
    const owner =
      person !== undefined
        ? ({ kind: 'person', name: person } as const)
        : team === undefined
          ? null
          : ({ kind: 'team', name: team } as const)
    return { kind: 'open-task', title, owner, dueMs: span(due, 5 * day) }
  }
  const hold = freezeChanges ?? requireApproval
  if (hold === undefined) return null
  return {
    kind: freezeChanges === undefined ? 'require-approval' : 'freeze-changes',
    allows: hold.allow ?? ['rollback', 'security'],
    lastsMs: hold.lasts === undefined ? null : span(hold.lasts, day),
  }
}

export function readPolicy(document: ResourceDocument): BudgetPolicy {
  const spec = specOf(document)
  const { name, displayName, description, labels } = document.metadata
  const { objectives = [], journeys = [], services = [], teams = [], tiers = [] } = spec.appliesTo ?? {}
  return {
    name,
    displayName: displayName ?? name,
    description: description ?? '',
    team: typeof labels?.team === 'string' ? labels.team : null,
    scope: { objectives, journeys, services, teams, tiers },
    calendarBudget: spec.calendarBudget ?? 'to-date',
    approvers: { role: spec.approvers?.role ?? 'editor', teams: spec.approvers?.teams ?? [] },
    longestExceptionMs: span(spec.longestException, 14 * day),
    steps: spec.steps.flatMap((step): readonly PolicyStep[] => {
      const when = conditionOf(step)
      if (when === null) return []
      const actions = step.do.map(actionOf).filter((each) => each !== null)
      return [{ name: step.name, when, heldMs: span(step.leave?.for, defaultHeldMs), actions }]
    }),
  }
}

// Beyond that nobody remembers why.
const mostExceptionMs = 366 * day

function faultsOf(document: ResourceDocument): readonly Fault[] {
  const spec = specOf(document)
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const [index, step] of spec.steps.entries()) {
    const at = `/spec/steps/${index}`
    if (seen.has(step.name)) faults.push({ pointer: `${at}/name`, detail: `There is a step ${step.name} already.` })
    seen.add(step.name)
    if (Object.keys(step.when).length !== 1)
      faults.push({
        pointer: `${at}/when`,
        detail: 'Give exactly one of `remainingAtMost`, `incidentAbove` and `causeAbove`.',
      })
    else {
      const when = conditionOf(step)
      const wrong = when === null ? null : conditionFault(when)
      if (wrong !== null)
        faults.push({ pointer: step.leave?.at === undefined ? `${at}/when` : `${at}/leave`, detail: wrong })
    }
    for (const [position, action] of step.do.entries()) faults.push(...actionFaults(action, `${at}/do/${position}`))
  }
  if ((spec.appliesTo?.journeys ?? []).length > 0 && spec.steps.some(({ when }) => when.remainingAtMost === undefined))
    faults.push({
      pointer: '/spec/appliesTo/journeys',
      detail:
        'What spent a journey’s budget is not told apart by causes: name its objectives in a policy of their own.',
    })
  if (span(spec.longestException, day) > mostExceptionMs)
    faults.push({ pointer: '/spec/longestException', detail: 'An exception lasts a year at most.' })
  return faults
}

function actionFaults(action: Static<typeof Action>, pointer: string): readonly Fault[] {
  const { notify, openTask } = action
  if (Object.keys(action).length !== 1)
    return [{ pointer, detail: 'Give exactly one of `notify`, `openTask`, `requireApproval` and `freezeChanges`.' }]
  if (openTask?.person !== undefined && openTask.team !== undefined)
    return [{ pointer: `${pointer}/openTask`, detail: 'A task has one owner: a person or a team.' }]
  const told = [notify?.people, notify?.teams, notify?.schedules].reduce((all, each) => all + (each?.length ?? 0), 0)
  return notify !== undefined && told === 0
    ? [{ pointer: `${pointer}/notify`, detail: 'Name people, teams or schedules to tell.' }]
    : []
}

function referencesOf(document: ResourceDocument): readonly Reference[] {
  const { appliesTo, approvers, steps } = specOf(document)
  const all = (kind: string, names: readonly string[] | undefined, pointer: string): readonly Reference[] =>
    (names ?? []).map((name, index) => ({ kind, name, pointer: `${pointer}/${index}` }))
  const one = (kind: string, name: string | undefined, pointer: string): readonly Reference[] =>
    name === undefined ? [] : [{ kind, name, pointer }]
  return [
    ...all('Service', appliesTo?.services, '/spec/appliesTo/services'),
    ...all('Team', appliesTo?.teams, '/spec/appliesTo/teams'),
    ...all('SLO', appliesTo?.objectives, '/spec/appliesTo/objectives'),
    ...all('JourneyObjective', appliesTo?.journeys, '/spec/appliesTo/journeys'),
    ...all('Team', approvers?.teams, '/spec/approvers/teams'),
    ...steps.flatMap((step, index) =>
      step.do.flatMap(({ notify, openTask }, position) => {
        const at = `/spec/steps/${index}/do/${position}`
        return [
          ...all('Person', notify?.people, `${at}/notify/people`),
          ...all('Team', notify?.teams, `${at}/notify/teams`),
          ...all('Schedule', notify?.schedules, `${at}/notify/schedules`),
          ...one('Person', openTask?.person, `${at}/openTask/person`),
          ...one('Team', openTask?.team, `${at}/openTask/team`),
        ]
      }),
    ),
  ]
}

export const policyKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'ErrorBudgetPolicy',
  plural: 'errorbudgetpolicies',
  aliases: ['budgetpolicy'],
  summary: 'What happens at which level of an error budget: who is told, what is frozen, and until when',
  order: 96,
  spec: Spec,
  owner: ({ metadata }) => (typeof metadata.labels?.team === 'string' ? metadata.labels.team : null),
  references: referencesOf,
  admit: (document) => ({ faults: faultsOf(document), warnings: [] }),
  saved: (tx, { after }) => savePolicy(tx, readPolicy(after)),
  // Whoever evaluates ends what it did, and says so in the journal.
  removed: (tx, { metadata }) => removePolicy(tx, metadata.name),
}
