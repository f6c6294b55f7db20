// Workflow: what is done by itself when something happens to an incident.
import { Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { compileExpression } from '../../../platform/expressions/cel.ts'
import { Name, Text, Words } from '../../../platform/http/schemas.ts'
import type { Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { incidentRoles, refuseAddressee, updateAudiences } from '../../incidents/core/index.ts'
import {
  actionKinds,
  actionsIn,
  bindingsOf,
  exampleFacts,
  fillIn,
  limits,
  pageTargets,
  triggerFacts,
  triggers,
} from '../core/index.ts'

const Duration = (description: string) => Type.Optional(Text(20, description))

const StepSpec = Type.Object({
  name: Type.Optional(Text(100, 'As it stands in the timeline; made of what it does unless said.')),
  page: Type.Optional(
    Type.Object(
      {
        policy: Type.Optional(Name),
        team: Type.Optional(Name),
        schedule: Type.Optional(Name),
        person: Type.Optional(Name),
        message: Type.Optional(
          Text(500, 'Why they are wanted. `{number}`, `{title}`, `{severity}` and `{url}` are filled in.'),
        ),
      },
      { description: 'Pages one of them until somebody acknowledges, as an alert of the incident.' },
    ),
  ),
  chat: Type.Optional(
    Type.Object(
      { in: Type.Optional(Name) },
      { description: 'Opens a room in the chat (`slack` unless said), also where its ChatConnection would not.' },
    ),
  ),
  ticket: Type.Optional(
    Type.Object(
      { at: Name, title: Type.Optional(Text(200)) },
      { description: 'Opens a ticket at a connected tracker and follows it.' },
    ),
  ),
  task: Type.Optional(
    Type.Object(
      { text: Text(1000), owner: Type.Optional(Name), dueIn: Duration('`30m`, counted from when it is added.') },
      { description: 'Asks for something to be done.' },
    ),
  ),
  assign: Type.Optional(
    Type.Object(
      { role: Words(incidentRoles), person: Type.Optional(Name), schedule: Type.Optional(Name) },
      { description: 'Gives a role to a person or to whoever is on call; nobody loses one by it.' },
    ),
  ),
  update: Type.Optional(
    Type.Object(
      {
        audience: Words(updateAudiences),
        customer: Type.Optional({ ...Name, description: 'The one it is for, with the audience `customer`.' }),
        text: Type.Optional(Text(4000, 'Made of facts unless said.')),
      },
      { description: 'Drafts an update; a person reads it and lets it out.' },
    ),
  ),
  status: Type.Optional(
    Type.Object(
      { page: Name },
      { description: 'Drafts words for a status page; a person reads them and lets them out.' },
    ),
  ),
  webhook: Type.Optional(
    Type.Object({ hook: Name }, { description: 'Calls a webhook that is kept under Workflows, signed.' }),
  ),
  call: Type.Optional(
    Type.Object(
      {
        url: Type.Optional(Text(500, 'https://meet.example.com/incident-{number}')),
        hook: Type.Optional(Name),
      },
      { description: 'Writes down where people talk: an address, or what a webhook answers as `{"url": …}`.' },
    ),
  ),
  continueOnError: Type.Optional(
    Type.Boolean({ description: 'The steps after it go on whether it works or not. No unless said.' }),
  ),
  requireApproval: Type.Optional(
    Words(incidentRoles, 'Whoever holds this role in the incident lets it happen; the commander may always.'),
  ),
  timeout: Duration('How long a webhook may take: `10s` unless said, at most `1m`.'),
  retries: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: limits.retries.most,
      description: `How often a step is tried again: ${limits.retries.usual} times unless said.`,
    }),
  ),
})

export const WorkflowSpec = Type.Object({
  team: Type.Optional(Name),
  enabled: Type.Optional(Type.Boolean({ description: 'Yes unless said.' })),
  on: Type.Array(Words(triggers), { minItems: 1, maxItems: triggers.length, description: 'What it waits for.' }),
  when: Type.Optional(
    Text(2000, 'A CEL condition over `incident` and `trigger`: `incident.severity == "SEV1"`. Always unless said.'),
  ),
  after: Duration(
    'Waits so long, and looks again whether the condition holds: `5m`. At once unless said, at most `7d`.',
  ),
  once: Type.Optional(Type.Boolean({ description: 'At most once for each incident. Each time unless said.' })),
  restricted: Type.Optional(
    Type.Boolean({ description: 'Its steps may tell of restricted incidents. No unless said; only without a team.' }),
  ),
  steps: Type.Array(StepSpec, { minItems: 1, maxItems: limits.steps }),
})

export const workflowKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Workflow',
  plural: 'workflows',
  aliases: ['workflow'],
  summary: 'What is done by itself when something happens to an incident',
  order: 95,
  spec: WorkflowSpec,
  owner: ({ spec }) => (typeof spec.team === 'string' ? spec.team : null),
  references: ({ spec }) => [
    ...(typeof spec.team === 'string' ? [{ kind: 'Team', name: spec.team, pointer: '/spec/team' }] : []),
    ...stepsOf(spec).flatMap((step, index) => referencesOf(step, `/spec/steps/${index}`)),
  ],
  admit: (document) => ({ faults: faultsOf(document), warnings: warningsOf(document) }),
}

const stepsOf = (spec: JsonObject): readonly JsonObject[] =>
  Array.isArray(spec.steps) ? spec.steps.filter(isJsonObject) : []
const partOf = (step: JsonObject, name: string): JsonObject => {
  const part = step[name]
  return part !== undefined && isJsonObject(part) ? part : {}
}

const referenced: readonly (readonly [part: string, field: string, kind: string])[] = [
  ['page', 'policy', 'EscalationPolicy'],
  ['page', 'team', 'Team'],
  ['page', 'schedule', 'Schedule'],
  ['page', 'person', 'Person'],
  ['chat', 'in', 'ChatConnection'],
  ['task', 'owner', 'Person'],
  ['assign', 'person', 'Person'],
  ['assign', 'schedule', 'Schedule'],
  ['status', 'page', 'StatusPage'],
  ['update', 'customer', 'StatusCustomer'],
]

function referencesOf(step: JsonObject, at: string): readonly Reference[] {
  return referenced.flatMap(([part, field, kind]) => {
    const name = partOf(step, part)[field]
    return typeof name === 'string' ? [{ kind, name, pointer: `${at}/${part}/${field}` }] : []
  })
}

function faultsOf({ spec }: ResourceDocument): readonly Fault[] {
  return [
    ...durationFaults(spec.after, '/spec/after', 0, limits.afterMs, '5m or 1h30m, at most 7d'),
    ...conditionFaults(spec.when),
    ...secrecyFaults(spec),
    ...stepsOf(spec).flatMap((step, index) => stepFaults(step, `/spec/steps/${index}`)),
  ]
}

/** Who may declare for a team may not read what is restricted, and must not have it told to themselves. */
function secrecyFaults({ restricted, team }: JsonObject): readonly Fault[] {
  return restricted === true && team !== undefined
    ? [
        {
          pointer: '/spec/restricted',
          detail:
            'What may tell of restricted incidents belongs to no team: leave `team` out, and an administrator applies it.',
        },
      ]
    : []
}

function conditionFaults(when: JsonValue | undefined): readonly Fault[] {
  if (typeof when !== 'string') return []
  const pointer = '/spec/when'
  const compilation = compileExpression(when)
  if (!compilation.ok) return [{ pointer, detail: compilation.detail }]
  const answer = compilation.run(bindingsOf(exampleFacts, triggerFacts('declared')))
  // A label that is not there is no mistake; a name that never is, is.
  if (answer.kind === 'missing' && /labels|roles/.test(when)) return []
  if (answer.kind !== 'value') return [{ pointer, detail: `It does not hold for an example: ${answer.detail}` }]
  if (typeof answer.value === 'boolean') return []
  return [{ pointer, detail: 'It must answer true or false.' }]
}

function stepFaults(step: JsonObject, at: string): readonly Fault[] {
  const [kind, ...more] = actionsIn(step)
  if (kind === undefined || more.length > 0)
    return [{ pointer: at, detail: `A step does one thing: ${actionKinds.join(', ')}.` }]
  const part = partOf(step, kind)
  const { timeoutMs } = limits
  return [
    ...durationFaults(step.timeout, `${at}/timeout`, timeoutMs.least, timeoutMs.most, '10s, between 1s and 1m'),
    ...(kind === 'task' ? durationFaults(part.dueIn, `${at}/task/dueIn`, 1, limits.afterMs, '30m, at most 7d') : []),
    ...(kind === 'page' ? oneOf(part, pageTargets, `${at}/page`) : []),
    ...(kind === 'update' ? addresseeFaults(part, `${at}/update/customer`) : []),
    ...(kind === 'assign' ? oneOf(part, ['person', 'schedule'], `${at}/assign`) : []),
    ...(kind === 'call'
      ? [...oneOf(part, ['url', 'hook'], `${at}/call`), ...urlFaults(part.url, `${at}/call/url`)]
      : []),
  ]
}

function addresseeFaults({ audience, customer }: JsonObject, pointer: string): readonly Fault[] {
  const said = updateAudiences.find((each) => each === audience)
  const named = typeof customer === 'string' ? customer : null
  const detail = said === undefined ? null : refuseAddressee({ audience: said, customer: named })
  return detail === null ? [] : [{ pointer, detail }]
}

function oneOf(part: JsonObject, names: readonly string[], pointer: string): readonly Fault[] {
  const said = names.filter((name) => part[name] !== undefined)
  return said.length === 1 ? [] : [{ pointer, detail: `Name exactly one of ${names.join(', ')}.` }]
}

const example = { id: 'id', number: 1, title: 'title', severity: 'SEV1', url: 'url' }

function urlFaults(url: JsonValue | undefined, pointer: string): readonly Fault[] {
  if (typeof url !== 'string') return []
  const filled = fillIn(url, example)
  const parsed = URL.canParse(filled) ? new URL(filled) : null
  return parsed?.protocol === 'https:' && parsed.username === '' && parsed.password === ''
    ? []
    : [{ pointer, detail: 'Write an address that begins with https:// and holds no password.' }]
}

function durationFaults(
  value: JsonValue | undefined,
  pointer: string,
  least: number,
  most: number,
  written: string,
): readonly Fault[] {
  if (typeof value !== 'string') return []
  const ms = parseDuration(value)
  return ms !== null && ms >= least && ms <= most ? [] : [{ pointer, detail: `Write ${written}.` }]
}

function warningsOf({ spec }: ResourceDocument): readonly Fault[] {
  const steps = stepsOf(spec)
  return steps.flatMap((step, index) => {
    const before = steps.slice(0, index).find((each) => waits(each))
    return step.page !== undefined && before !== undefined
      ? [
          {
            pointer: `/spec/steps/${index}/page`,
            detail:
              'A step before it calls a webhook, and this page waits for it. Page first, or say continueOnError there.',
          },
        ]
      : []
  })
}

const waits = (step: JsonObject): boolean =>
  step.continueOnError !== true && (step.webhook !== undefined || partOf(step, 'call').hook !== undefined)
