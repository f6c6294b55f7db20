// The declarative kind JourneyObjective: what users come to do, promised over the objectives it passes through.
import { type Static, Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { parseDuration } from '../../../kernel/duration.ts'
import { parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import { Name, Words } from '../../../platform/http/schemas.ts'
import type { ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import type { JourneyDefinition, JourneyMember, JourneyPart } from '../core/journey.ts'
import { readReviewTerms, reviewAnnotations } from '../core/review-annotations.ts'
import type { ReviewTerms } from '../core/review-terms.ts'
import { unknownAnnotations } from '../core/slo-annotations.ts'
import { journeyKey } from '../core/subject.ts'
import { removeJourney, saveJourney } from '../journeys.store.ts'
import { removeTerms } from '../reviews.store.ts'
import { checkJourney } from '../usecases/check-journey.ts'
import { declareTerms, expiryWarnings } from '../usecases/declare-terms.ts'
import { reviewReferences } from './review-references.ts'

const Decimal = (more: object) => Type.Number({ ...more })
const Member = Type.Object({
  objective: Type.Optional(Name),
  journey: Type.Optional(Name),
  anyOf: Type.Optional(Type.Array(Name, { minItems: 2, maxItems: 10, description: 'Redundant objectives.' })),
  need: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10, description: 'How many of `anyOf` are enough; 1 unless said.' }),
  ),
  weight: Type.Optional(Decimal({ exclusiveMinimum: 0, maximum: 1_000, description: '1 unless said.' })),
  use: Type.Optional(
    Decimal({
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'Share of the journeys that pass through it; 1 unless said.',
    }),
  ),
})
const Spec = Type.Object({
  journey: Type.Optional(Type.String({ maxLength: 63, description: 'The Journey of the catalog that this promises.' })),
  team: Type.Optional(Name),
  description: Type.Optional(Type.String({ maxLength: 1_050 })),
  target: Decimal({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: '0.995 is 99.5 %.' }),
  window: Type.String({ pattern: '^\\d{1,4}[mhdw]$', maxLength: 6, description: 'It rolls: `28d`.' }),
  mode: Type.Optional(
    Words(
      ['any-bad', 'worst', 'weighted'],
      '`any-bad` (usual): the share of time in which no member failed. `worst`: its worst member. `weighted`: the mean by weight.',
    ),
  ),
  missing: Type.Optional(
    Words(
      ['unknown', 'bad', 'leave-out'],
      'What a member counts for while it is not measured. `unknown` (usual): nothing is said of the journey. Never good.',
    ),
  ),
  members: Type.Array(Member, { minItems: 1, maxItems: 20 }),
})
type Spec = Static<typeof Spec>

const decimal = (value: number | undefined): Rational =>
  value === undefined ? rational(1) : (parseRational(String(value)) ?? rational(1))

function partOf({ objective, journey, anyOf, need }: Spec['members'][number]): JourneyPart | null {
  if (objective !== undefined) return { kind: 'objective', name: objective }
  if (journey !== undefined) return { kind: 'journey', name: journey }
  return anyOf === undefined ? null : { kind: 'any-of', need: need ?? 1, objectives: anyOf }
}

/** The shape was checked: the schema above is what `admit` is called after. */
const specOf = ({ spec }: ResourceDocument): Spec => JSON.parse(JSON.stringify(spec))

export function readJourney(document: ResourceDocument): JourneyDefinition {
  const spec = specOf(document)
  const { name, displayName, description, labels } = document.metadata
  const members = spec.members.flatMap((each): readonly JourneyMember[] => {
    const part = partOf(each)
    return part === null ? [] : [{ part, weight: decimal(each.weight), use: decimal(each.use) }]
  })
  return {
    name,
    source: 'JourneyObjective',
    displayName: displayName ?? name,
    description: spec.description ?? description ?? '',
    journey: spec.journey ?? null,
    team: spec.team ?? (typeof labels?.team === 'string' ? labels.team : null),
    target: decimal(spec.target),
    windowMs: parseDuration(spec.window) ?? 0,
    mode: spec.mode ?? 'any-bad',
    missing: spec.missing ?? 'unknown',
    members,
  }
}

// As targets of OpenSLO have them; more would only make products of fractions long.
const mostPlaces = 9

function tooFine(value: number | undefined, pointer: string): readonly Fault[] {
  const exact = value === undefined ? rational(1) : parseRational(String(value))
  const fine = exact !== null && 10n ** BigInt(mostPlaces) % exact.den === 0n
  return fine ? [] : [{ pointer, detail: `At most ${mostPlaces} decimal places.` }]
}

function faultsOf(document: ResourceDocument): readonly Fault[] {
  const spec = specOf(document)
  const numbers = [
    ...tooFine(spec.target, '/spec/target'),
    ...spec.members.flatMap(({ weight, use }, index) => [
      ...tooFine(weight, `/spec/members/${index}/weight`),
      ...tooFine(use, `/spec/members/${index}/use`),
    ]),
  ]
  const faults = [...numbers, ...memberFaults(spec)]
  readReviewTerms(document.metadata.annotations ?? {}, faults)
  return faults
}

const termsOf = ({ metadata }: ResourceDocument): ReviewTerms | null => readReviewTerms(metadata.annotations ?? {}, [])

function memberFaults(spec: Spec): readonly Fault[] {
  const seen = new Set<string>()
  return spec.members.flatMap((each, index): readonly Fault[] => {
    const at = `/spec/members/${index}`
    const given = ['objective', 'journey', 'anyOf'].filter((key) => key in each)
    if (given.length !== 1)
      return [{ pointer: at, detail: 'Exactly one of `objective`, `journey` and `anyOf` is needed.' }]
    const { anyOf, need, objective, journey } = each
    const faults: Fault[] = []
    if (anyOf === undefined && need !== undefined)
      faults.push({ pointer: `${at}/need`, detail: 'It means something only beside `anyOf`.' })
    if (anyOf !== undefined && (need ?? 1) >= anyOf.length)
      faults.push({ pointer: at, detail: 'All of them are needed then: write them as members of their own.' })
    for (const name of [objective, journey, ...(anyOf ?? [])]) {
      if (name === undefined) continue
      if (seen.has(name)) faults.push({ pointer: at, detail: `${name} is a member already.` })
      seen.add(name)
    }
    return faults
  })
}

export const journeyKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'JourneyObjective',
  plural: 'journeyobjectives',
  aliases: ['journeyobjective'],
  summary: 'What users come to do, promised over the objectives it passes through',
  order: 95,
  spec: Spec,
  owner: (document) => readJourney(document).team,
  references: (document) => {
    const spec = specOf(document)
    return [
      ...reviewReferences(document),
      ...(spec.journey === undefined ? [] : [{ kind: 'Journey', name: spec.journey, pointer: '/spec/journey' }]),
      ...(spec.team === undefined ? [] : [{ kind: 'Team', name: spec.team, pointer: '/spec/team' }]),
      ...spec.members.flatMap(({ journey }, index) =>
        journey === undefined
          ? []
          : [{ kind: 'JourneyObjective', name: journey, pointer: `/spec/members/${index}/journey` }],
      ),
    ]
  },
  admit: (document) => ({
    faults: faultsOf(document),
    warnings: unknownAnnotations(document.metadata.annotations ?? {}, reviewAnnotations),
  }),
  check: async (tx, document) => {
    const { faults, warnings } = await checkJourney(tx, readJourney(document))
    return { faults, warnings: [...warnings, ...(await expiryWarnings(tx, termsOf(document), 'it is evaluated'))] }
  },
  saved: async (tx, { after }) => {
    await saveJourney(tx, readJourney(after))
    await declareTerms(tx, journeyKey(after.metadata.name), termsOf(after))
  },
  removed: async (tx, { metadata }) => {
    await removeJourney(tx, metadata.name, 'JourneyObjective')
    await removeTerms(tx, [journeyKey(metadata.name)])
  },
}
