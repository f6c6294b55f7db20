// The declarative kind ServiceLevelAgreement: what a contract promises beside an objective or a journey.
import { type Static, Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject, type JsonValue } from '../../../kernel/json.ts'
import { divide, parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import { Name, Words } from '../../../platform/http/schemas.ts'
import type { Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { lookAtAgreement } from '../agreements.contract.ts'
import { removeAgreement, saveAgreement } from '../agreements.store.ts'
import { type AgreedExclusion, type Agreement, agreementFault, agreementPeriods } from '../core/agreement.ts'
import { calendarFault } from '../core/calendar.ts'
import { whenFault } from '../core/exclusion.ts'
import { parseMoney } from '../core/money.ts'
import { checkAgreement } from '../usecases/check-agreement.ts'
import { whenFields, whenOf } from './exclusion-kind.ts'

const Percent = (description: string) =>
  Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,9})? ?%$', maxLength: 15, description })
const Day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', maxLength: 10, description })

const Spec = Type.Object({
  customer: Type.String({ minLength: 1, maxLength: 200, description: 'A customer, or a class of them: `Gold`.' }),
  objective: Type.Optional(Name),
  journey: Type.Optional(Name),
  target: Percent('Exactly as in the contract: 99.9%'),
  period: Words(agreementPeriods, 'Calendar periods in the zone.'),
  timeZone: Type.String({ minLength: 1, maxLength: 60, description: 'IANA zone in which periods begin.' }),
  from: Type.Optional(Day('The first day of the contract.')),
  until: Type.Optional(Day('Its last day.')),
  counts: Words(
    ['requests', 'downtime'],
    '`requests`: the share of requests that succeeded. `downtime`: the share of the period that was not down.',
  ),
  downtime: Type.Optional(
    Type.Object({
      below: Percent('A minute is down when fewer of its requests succeed: 95%'),
      atLeast: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1_440,
          description: 'As part of so many minutes in a row; 1 unless said.',
        }),
      ),
    }),
  ),
  unmeasured: Type.Optional(
    Words(['open', 'down'], 'Time that was not measured: stays open (usual), or counts as downtime. Never as uptime.'),
  ),
  exclusions: Type.Optional(
    Type.Array(Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500 }), ...whenFields }), {
      maxItems: 50,
      description: 'As agreed by contract. Exclusions of the objective’s own budget do not count here.',
    }),
  ),
  fee: Type.Optional(
    Type.String({
      maxLength: 24,
      pattern: '^\\d{1,12}(\\.\\d{1,3})? [A-Z]{3}$',
      description: 'Of a period: 1200.00 EUR',
    }),
  ),
  credits: Type.Optional(
    Type.Array(
      Type.Object({ below: Percent('When less was attained: 99.5%'), credit: Percent('Share of the fee: 10%') }),
      { maxItems: 20 },
    ),
  ),
  cap: Type.Optional(Percent('At most so much of the fee: 50%')),
  settleAfterDays: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 30, description: 'After the end of a period; 3 unless said.' }),
  ),
  notify: Type.Optional(
    Type.Array(Name, { maxItems: 20, description: 'People who are told before a credit is due, and when one is.' }),
  ),
})
type Spec = Static<typeof Spec>

/** The shape was checked: the schema above is what `admit` is called after. */
const specOf = ({ spec }: ResourceDocument): Spec => JSON.parse(JSON.stringify(spec))
const percent = (text: string): Rational =>
  divide(parseRational(text.replace('%', '').trim()) ?? rational(0), rational(100))

function exclusionsOf({ spec }: ResourceDocument): readonly (AgreedExclusion | null)[] {
  const given: readonly JsonValue[] = Array.isArray(spec.exclusions) ? spec.exclusions : []
  return given.map((each) => {
    if (!isJsonObject(each)) return null
    const when = whenOf(each)
    return when === null ? null : { mode: 'drop', when, reason: String(each.reason) }
  })
}

export function readAgreement(document: ResourceDocument): Agreement {
  const spec = specOf(document)
  const { name, displayName, description, labels } = document.metadata
  const { downtime, objective, journey } = spec
  return {
    name,
    displayName: displayName ?? name,
    description: description ?? '',
    team: typeof labels?.team === 'string' ? labels.team : null,
    customer: spec.customer,
    subject: journey === undefined ? { kind: 'objective', name: objective ?? '' } : { kind: 'journey', name: journey },
    target: percent(spec.target),
    period: spec.period,
    timeZone: spec.timeZone,
    from: spec.from ?? null,
    until: spec.until ?? null,
    counting:
      spec.counts === 'requests'
        ? { by: 'requests' }
        : { by: 'downtime', below: percent(downtime?.below ?? '100%'), leastMinutes: downtime?.atLeast ?? 1 },
    unmeasured: spec.unmeasured ?? 'open',
    exclusions: exclusionsOf(document).flatMap((each) => (each === null ? [] : [each])),
    fee: spec.fee === undefined ? null : parseMoney(spec.fee),
    credits: (spec.credits ?? []).map(({ below, credit }) => ({ below: percent(below), credit: percent(credit) })),
    cap: spec.cap === undefined ? null : percent(spec.cap),
    settleDays: spec.settleAfterDays ?? 3,
    notify: spec.notify ?? [],
  }
}

function faultsOf(document: ResourceDocument): readonly Fault[] {
  const spec = specOf(document)
  const faults: Fault[] = []
  const wrong = (pointer: string, detail: string) => faults.push({ pointer, detail })
  if ((spec.objective === undefined) === (spec.journey === undefined))
    wrong('/spec', 'Give exactly one of `objective` and `journey`.')
  const zone = calendarFault({ startTime: '2026-01-01 00:00:00', timeZone: spec.timeZone })
  if (zone !== null) wrong('/spec/timeZone', `\`${spec.timeZone}\` is no IANA zone.`)
  for (const key of ['from', 'until'] as const) {
    const day = spec[key]
    if (day !== undefined && calendarFault({ startTime: `${day} 00:00:00`, timeZone: 'UTC' }) !== null)
      wrong(`/spec/${key}`, `${day} is no day.`)
  }
  if (spec.from !== undefined && spec.until !== undefined && spec.until < spec.from)
    wrong('/spec/until', 'The contract ends before it begins.')
  if (spec.counts === 'downtime' && spec.downtime === undefined)
    wrong('/spec/downtime', 'Say when a minute is down: `downtime: {below: 95%, atLeast: 5}`.')
  const below = percent(spec.downtime?.below ?? '100%')
  if (below.num === 0n || below.num > below.den)
    wrong('/spec/downtime/below', 'A minute is down below a share above 0 % and at most 100 %.')
  if (spec.counts === 'requests' && spec.downtime !== undefined)
    wrong('/spec/downtime', 'It means something only where downtime is counted.')
  if (spec.counts === 'requests' && spec.unmeasured === 'down')
    wrong('/spec/unmeasured', 'How many requests were not measured nobody knows: count `downtime`.')
  if (spec.fee !== undefined && parseMoney(spec.fee) === null)
    wrong('/spec/fee', 'It has more places than the currency.')
  for (const [index, { below }] of (spec.credits ?? []).entries())
    if (percent(below).num === 0n) wrong(`/spec/credits/${index}/below`, 'Less than 0 % is never attained.')
  const target = percent(spec.target)
  if (target.num === 0n || target.num > target.den) wrong('/spec/target', 'A target is above 0 % and at most 100 %.')
  for (const [index, each] of exclusionsOf(document).entries()) {
    const detail = each === null ? 'Give either `once` or `repeat`.' : whenFault(each.when)
    if (detail !== null) wrong(`/spec/exclusions/${index}`, detail)
  }
  if (faults.length > 0) return faults
  const unsound = agreementFault(readAgreement(document))
  return unsound === null ? [] : [unsound]
}

export const agreementKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'ServiceLevelAgreement',
  plural: 'servicelevelagreements',
  aliases: ['sla', 'agreement'],
  summary: 'What a contract promises beside an objective: to whom, over which periods, with which credits',
  order: 97,
  spec: Spec,
  owner: ({ metadata }) => (typeof metadata.labels?.team === 'string' ? metadata.labels.team : null),
  references: (document): readonly Reference[] => {
    const { journey, notify = [] } = specOf(document)
    return [
      ...(journey === undefined ? [] : [{ kind: 'JourneyObjective', name: journey, pointer: '/spec/journey' }]),
      ...notify.map((name, index) => ({ kind: 'Person', name, pointer: `/spec/notify/${index}` })),
    ]
  },
  admit: (document) => ({ faults: faultsOf(document), warnings: [] }),
  check: (tx, document) => checkAgreement(tx, readAgreement(document)),
  saved: async (tx, { after }) => {
    await saveAgreement(tx, readAgreement(after))
    // How it stands is asked right after it was written.
    const agreement = after.metadata.name
    await addWork(tx, lookAtAgreement, { agreement }, { key: agreement, onDuplicate: 'sooner' })
  },
  removed: (tx, { metadata }) => removeAgreement(tx, metadata.name),
}
