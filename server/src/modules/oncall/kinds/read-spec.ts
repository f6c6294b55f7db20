// From a declared document to the types that decide. Documents were validated against their schema before.
import type { Fault } from '../../../kernel/app-error.ts'
import { minute, parseDuration } from '../../../kernel/duration.ts'
import { parseInstant } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import {
  defaultAckTimeoutMs,
  type EscalationPolicy,
  type Level,
  type Member,
  type Override,
  type Rotation,
  type Schedule,
  type Target,
  turnUnits,
} from '../core/index.ts'

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const objects = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []
const defaultWaitMs = 5 * minute

/** `since` and `until` of a member or a rotation. */
function bounds(spec: JsonObject): Pick<Member, 'since' | 'until'> {
  const since = parseInstant(text(spec.since))
  const until = parseInstant(text(spec.until))
  return { ...(since === null ? {} : { since }), ...(until === null ? {} : { until }) }
}

export function readSchedule(document: ResourceDocument, overrides: readonly Override[]): Schedule {
  const { spec } = document
  const rotations = objects(spec.rotations).map((rotation): Rotation => {
    const turn = isJsonObject(rotation.turn) ? rotation.turn : {}
    return {
      name: text(rotation.name),
      zone: text(rotation.zone) || text(spec.zone),
      start: text(rotation.start),
      turn: {
        unit: turnUnits.find((unit) => unit === turn.unit) ?? 'week',
        every: typeof turn.every === 'number' ? turn.every : 1,
      },
      members: objects(rotation.members).map((member) => ({ person: text(member.person), ...bounds(member) })),
      ...bounds(rotation),
    }
  })
  return { name: document.metadata.name, rotations, overrides }
}

export function readPolicy(document: ResourceDocument): EscalationPolicy {
  const { spec } = document
  const timeout = text(spec.acknowledgementTimeout)
  return {
    name: document.metadata.name,
    levels: objects(spec.levels).map(
      (level): Level => ({
        targets: objects(level.notify).flatMap(readTarget),
        waitMs: parseDuration(text(level.waitFor)) ?? defaultWaitMs,
        strategy: level.strategy === 'round-robin' ? 'round-robin' : 'everyone',
      }),
    ),
    repeat: typeof spec.repeat === 'number' ? spec.repeat : 0,
    ackTimeoutMs: timeout === 'never' ? null : (parseDuration(timeout) ?? defaultAckTimeoutMs),
    pageOnHandOver: spec.pageOnHandOver !== false,
    fallbackOwner: text(spec.fallbackOwner) || null,
  }
}

function readTarget(target: JsonObject): readonly Target[] {
  if (typeof target.person === 'string') return [{ kind: 'person', person: target.person }]
  return typeof target.schedule === 'string' ? [{ kind: 'schedule', schedule: target.schedule }] : []
}

/** A target that names both or neither; the schema cannot say it in a way that a person understands. */
export function unclearTargets(document: ResourceDocument): readonly Fault[] {
  return objects(document.spec.levels).flatMap((level, index) =>
    objects(level.notify).flatMap((target, which) =>
      (target.person === undefined) === (target.schedule === undefined)
        ? [
            {
              pointer: `/spec/levels/${index}/notify/${which}`,
              detail: 'Name a person or a schedule: exactly one of the two.',
            },
          ]
        : [],
    ),
  )
}
