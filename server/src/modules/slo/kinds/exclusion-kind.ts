// The declarative kind BudgetExclusion: planned work and hours outside business, which spend no budget.
import { Type } from 'typebox'
import { parseDuration } from '../../../kernel/duration.ts'
import { parseInstant } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { Name, Time, Words } from '../../../platform/http/schemas.ts'
import type { ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { type When, whenFault } from '../core/exclusion.ts'
import { removeExclusion, saveExclusion } from '../exclusions.store.ts'
import { bumpRegistry } from '../objectives.store.ts'

/** Exactly one of them. */
export const whenFields = {
  once: Type.Optional(Type.Object({ from: Time, to: Time })),
  repeat: Type.Optional(
    Type.Object({
      rule: Type.String({ minLength: 5, maxLength: 500, description: 'RFC 5545: FREQ=WEEKLY;BYDAY=SU' }),
      start: Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}(:\\d{2})?$',
        description: 'Wall time of the first: 2026-01-04 02:00',
      }),
      timeZone: Type.String({ maxLength: 60 }),
      lasts: Type.String({ pattern: '^(\\d{1,9}(s|m|h|d))+$', maxLength: 20, description: '2h, 90m' }),
      during: Type.Optional(
        Words(['inside', 'outside'], '`outside`: everything but these hours is excluded, as with business hours.'),
      ),
    }),
  ),
}

const Spec = Type.Object({
  services: Type.Optional(Type.Array(Name, { maxItems: 100, description: 'All objectives of these services.' })),
  objectives: Type.Optional(Type.Array(Name, { maxItems: 100, description: 'SLOs; with neither, all objectives.' })),
  mode: Type.Optional(
    Words(['drop', 'good'], '`drop` (usual): the time is not expected. `good`: it counts as if all had gone well.'),
  ),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
  ...whenFields,
})

const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '')
const texts = (value: JsonValue | undefined) =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

/** Null unless exactly one of `once` and `repeat` is given. */
export function whenOf({ once, repeat }: JsonObject): When | null {
  if (isJsonObject(once) && repeat === undefined) {
    const [from, to] = [parseInstant(text(once.from)), parseInstant(text(once.to))]
    return from === null || to === null ? null : { kind: 'once', from, to }
  }
  if (!isJsonObject(repeat) || once !== undefined) return null
  return {
    kind: 'repeat',
    rule: text(repeat.rule),
    start: text(repeat.start),
    timeZone: text(repeat.timeZone),
    lastsMs: parseDuration(text(repeat.lasts)) ?? 0,
    during: repeat.during === 'outside' ? 'outside' : 'inside',
  }
}

const idOf = ({ metadata }: ResourceDocument) => `declared/${metadata.name}`

export const exclusionKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'BudgetExclusion',
  plural: 'budgetexclusions',
  aliases: ['exclusion'],
  summary: 'Planned work or hours outside business, which spend no budget',
  order: 79,
  spec: Spec,
  owner: ({ metadata }) => (typeof metadata.labels?.team === 'string' ? metadata.labels.team : null),
  references: ({ spec }) => [
    ...texts(spec.services).map((name, index) => ({ kind: 'Service', name, pointer: `/spec/services/${index}` })),
    ...texts(spec.objectives).map((name, index) => ({ kind: 'SLO', name, pointer: `/spec/objectives/${index}` })),
  ],
  admit: ({ spec }) => {
    const when = whenOf(spec)
    const detail = when === null ? 'Give either `once` or `repeat`.' : whenFault(when)
    const pointer = when === null ? '/spec' : `/spec/${when.kind}`
    return { faults: detail === null ? [] : [{ pointer, detail }], warnings: [] }
  },
  saved: async (tx, { after }) => {
    const { spec } = after
    const when = whenOf(spec)
    if (when === null) return
    await saveExclusion(tx, {
      id: idOf(after),
      source: 'declared',
      services: texts(spec.services),
      objectives: texts(spec.objectives),
      mode: spec.mode === 'good' ? 'good' : 'drop',
      when,
      reason: text(spec.reason),
      author: after.metadata.name,
    })
    await bumpRegistry(tx)
  },
  removed: async (tx, document) => {
    await removeExclusion(tx, idOf(document))
    await bumpRegistry(tx)
  },
}
