// The kinds of this room: what a document must keep beyond its shape, and what it refers to.
import type { Fault } from '../../../kernel/app-error.ts'
import type { JsonValue } from '../../../kernel/json.ts'
import type { Admission, Reference, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import {
  checkEscalationPolicy,
  checkSchedule,
  type EscalationPolicy,
  type Target,
  weighWebhooks,
} from '../core/index.ts'
import { readPolicy, readSchedule, unclearRotations, unclearTargets } from './read-spec.ts'
import { unclearTerms } from './read-terms.ts'
import { EscalationPolicySpec, OnCallTermsSpec, ScheduleSpec } from './schemas.ts'

const ownTeam = (team: JsonValue | undefined): string | null => (typeof team === 'string' ? team : null)
const team = (name: JsonValue | undefined): readonly Reference[] =>
  typeof name === 'string' ? [{ kind: 'Team', name, pointer: '/spec/team' }] : []

const schedule: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Schedule',
  plural: 'schedules',
  aliases: ['schedule', 'rota'],
  summary: 'Who is on call when: rotations on the wall clock of a zone',
  order: 60,
  spec: ScheduleSpec,
  owner: ({ spec }) => ownTeam(spec.team),
  references: (document) => {
    const { rotations, shifts = [] } = readSchedule(document, [])
    const person = (name: string | null, pointer: string): readonly Reference[] =>
      name === null || name === '' ? [] : [{ kind: 'Person', name, pointer }]
    return [
      ...team(document.spec.team),
      ...rotations.flatMap((rotation, index) =>
        rotation.members.flatMap((member, which) =>
          person(member.person, `/spec/rotations/${index}/members/${which}/person`),
        ),
      ),
      ...shifts.flatMap((shift, index) => person(shift.person, `/spec/customShifts/${index}/person`)),
    ]
  },
  admit: (document): Admission => {
    const unclear = unclearRotations(document)
    const faults = checkSchedule(readSchedule(document, []))
    const zoned = new Set(
      (Array.isArray(document.spec.rotations) ? document.spec.rotations : []).flatMap((rotation, index) =>
        typeof rotation === 'object' && rotation !== null && 'zone' in rotation ? [index] : [],
      ),
    )
    // What is unclear was read as something; what is wrong with that something would only confuse.
    const told = faults
      .map((fault) => atSchedule(fault, zoned))
      .filter((fault) => !unclear.some((each) => `${fault.pointer}/`.startsWith(`${each.pointer}/`)))
    return { faults: once([...unclear, ...told]), warnings: [] }
  },
}

/** A rotation without a zone of its own takes the schedule's: that is where the mistake stands. */
function atSchedule(fault: Fault, zoned: ReadonlySet<number>): Fault {
  const inherited = /^\/rotations\/(\d+)\/zone$/.exec(fault.pointer ?? '')
  const pointer = inherited !== null && !zoned.has(Number(inherited[1])) ? '/zone' : (fault.pointer ?? '')
  return { ...fault, pointer: `/spec${pointer}` }
}

function once(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.pointer} ${fault.detail}`, fault])).values()]
}

const escalationPolicy: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'EscalationPolicy',
  plural: 'escalation-policies',
  aliases: ['policy', 'escalation-policy'],
  summary: 'Who is paged, in which order, when nobody answers',
  order: 61,
  spec: EscalationPolicySpec,
  owner: ({ spec }) => ownTeam(spec.team),
  references: (document) => {
    const policy = readPolicy(document)
    return [
      ...team(document.spec.team),
      ...(policy.fallbackOwner === null
        ? []
        : [{ kind: 'Person', name: policy.fallbackOwner, pointer: '/spec/fallbackOwner' }]),
      ...policy.levels.flatMap((level, index) =>
        level.targets.map((target, which) => ({
          ...named(target),
          pointer: `/spec/levels/${index}/notify/${which}/${target.kind}`,
        })),
      ),
    ]
  },
  admit: (document) => {
    const policy = readPolicy(document)
    const faults = checkEscalationPolicy(policy, everythingNamed(policy))
    return {
      faults: [...unclearTargets(document), ...faults.map(atPolicy)],
      warnings: [
        ...(policy.repeat === 0 && policy.levels.length === 1 ? [lonely] : []),
        ...weighWebhooks(policy).map(atPolicy),
      ],
    }
  },
}

const terms: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'OnCallTerms',
  plural: 'on-call-terms',
  aliases: ['terms', 'on-call-term'],
  summary: 'What counts as night, as a call and as too much for whoever is on call',
  order: 62,
  spec: OnCallTermsSpec,
  owner: ({ spec }) => ownTeam(spec.team),
  references: ({ spec }) => team(spec.team),
  admit: (document) => ({ faults: unclearTerms(document), warnings: [] }),
}

const lonely: Fault = {
  pointer: '/spec/levels',
  detail: 'One level and no repeat: when nobody answers the first page, nobody else hears of it.',
}

function named(target: Target): Pick<Reference, 'kind' | 'name'> {
  if (target.kind === 'person') return { kind: 'Person', name: target.person }
  if (target.kind === 'team') return { kind: 'Team', name: target.team }
  if (target.kind === 'webhook') return { kind: 'Webhook', name: target.webhook }
  return { kind: 'Schedule', name: target.schedule }
}

/** Whether people, schedules, teams and webhooks exist is asked of the catalog, by the references. */
function everythingNamed(policy: EscalationPolicy) {
  const targets = policy.levels.flatMap((level) => level.targets)
  return {
    people: new Set([
      ...(policy.fallbackOwner === null ? [] : [policy.fallbackOwner]),
      ...targets.flatMap((target) => (target.kind === 'person' ? [target.person] : [])),
    ]),
    schedules: new Set(targets.flatMap((target) => (target.kind === 'schedule' ? [target.schedule] : []))),
    teams: new Set(targets.flatMap((target) => (target.kind === 'team' ? [target.team] : []))),
    webhooks: new Set(targets.flatMap((target) => (target.kind === 'webhook' ? [target.webhook] : []))),
  }
}

function atPolicy(fault: Fault): Fault {
  const pointer = (fault.pointer ?? '')
    .replace('/waitMs', '/waitFor')
    .replace('/targets', '/notify')
    .replace('/ackTimeoutMs', '/acknowledgementTimeout')
  return { ...fault, pointer: `/spec${pointer}` }
}

export const oncallKinds: readonly ResourceKind[] = [schedule, escalationPolicy, terms]
