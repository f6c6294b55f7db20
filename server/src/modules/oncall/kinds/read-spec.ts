// From a declared document to the types that decide. Documents were validated against their schema before.
import type { Fault } from '../../../kernel/app-error.ts'
import { minute, parseDuration } from '../../../kernel/duration.ts'
import { instant, parseInstant } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import {
  type CustomShift,
  checkHours,
  defaultAckTimeoutMs,
  type EscalationPolicy,
  type Level,
  type Member,
  type Override,
  type RecurringShift,
  type Rotation,
  readHours,
  type Schedule,
  type Target,
  turnUnits,
  type WrittenHours,
} from '../core/index.ts'

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const texts = (value: JsonValue | undefined): readonly string[] => (Array.isArray(value) ? value.map(text) : [])
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
  const { spec, metadata } = document
  const zone = text(spec.zone)
  const shifts = objects(spec.customShifts).map((shift): CustomShift => {
    const bounds = { start: parseInstant(text(shift.start)), end: parseInstant(text(shift.end)) }
    const { start, end } = { start: bounds.start ?? instant(0), end: bounds.end ?? instant(0) }
    const reason = text(shift.reason)
    return { name: text(shift.name), person: text(shift.person), start, end, ...(reason === '' ? {} : { reason }) }
  })
  return {
    name: metadata.name,
    rotations: objects(spec.rotations).map((rotation) => readRotation(rotation, zone)),
    ...(shifts.length === 0 ? {} : { shifts }),
    ...(spec.coverage === undefined ? {} : { coverage: { zone, hours: readHours(writtenHours(spec.coverage)) } }),
    overrides,
  }
}

function readRotation(rotation: JsonObject, zone: string): Rotation {
  const turn = isJsonObject(rotation.turn) ? rotation.turn : {}
  const of = {
    name: text(rotation.name),
    zone: text(rotation.zone) || zone,
    members: objects(rotation.members).map((member) => ({
      person: text(member.person) || null,
      ...bounds(member),
    })),
    ...(rotation.assign === 'everyone' ? { assign: 'everyone' as const } : {}),
    ...(typeof rotation.perMember === 'number' ? { perMember: rotation.perMember } : {}),
    ...(rotation.hours === undefined ? {} : { hours: readHours(writtenHours(rotation.hours)) }),
    ...(rotation.advance === 'served' ? { advance: 'served' as const } : {}),
    ...(typeof rotation.layer === 'number' ? { layer: rotation.layer } : {}),
    ...bounds(rotation),
  }
  if (rotation.shifts !== undefined) return { ...of, shifts: objects(rotation.shifts).map(readShift) }
  return {
    ...of,
    start: text(rotation.start),
    turn: {
      unit: turnUnits.find((unit) => unit === turn.unit) ?? 'week',
      every: typeof turn.every === 'number' ? turn.every : 1,
    },
  }
}

function readShift(shift: JsonObject): RecurringShift {
  return {
    start: text(shift.start),
    end: text(shift.end),
    ...(shift.repeat === undefined ? {} : { repeat: text(shift.repeat) }),
    ...(shift.except === undefined ? {} : { except: texts(shift.except) }),
    ...(shift.also === undefined ? {} : { also: texts(shift.also) }),
  }
}

export function writtenHours(value: JsonValue | undefined): readonly WrittenHours[] {
  return objects(value).map((each) => ({
    from: text(each.from),
    to: text(each.to),
    ...(each.days === undefined ? {} : { days: texts(each.days) }),
  }))
}

/** Hours that are none, and rotations that are both kinds or neither: the schema cannot say it so that it helps. */
export function unclearRotations({ spec }: ResourceDocument): readonly Fault[] {
  const coverage = checkHours(writtenHours(spec.coverage), '/spec/coverage')
  const rotations = objects(spec.rotations).flatMap((rotation, index) => {
    const pointer = `/spec/rotations/${index}`
    const faults = [...checkHours(writtenHours(rotation.hours), `${pointer}/hours`)]
    const turns = [rotation.start, rotation.turn].filter((each) => each !== undefined).length
    if (rotation.shifts === undefined ? turns < 2 : turns > 0)
      faults.push({ pointer, detail: 'A rotation has a start and a turn, or shifts: one of the two.' })
    for (const [which, member] of objects(rotation.members).entries())
      if ((member.person === undefined) === (member.nobody === undefined))
        faults.push({ pointer: `${pointer}/members/${which}`, detail: 'Name a person, or say nobody: true.' })
    return faults
  })
  return [...coverage, ...rotations]
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
  if (typeof target.team === 'string') return [{ kind: 'team', team: target.team }]
  if (typeof target.webhook === 'string') return [{ kind: 'webhook', webhook: target.webhook }]
  return typeof target.schedule === 'string' ? [{ kind: 'schedule', schedule: target.schedule }] : []
}

/** A target that names several or nothing; the schema cannot say it in a way that a person understands. */
export function unclearTargets(document: ResourceDocument): readonly Fault[] {
  return objects(document.spec.levels).flatMap((level, index) =>
    objects(level.notify).flatMap((target, which) =>
      [target.person, target.schedule, target.team, target.webhook].filter((each) => each !== undefined).length !== 1
        ? [
            {
              pointer: `/spec/levels/${index}/notify/${which}`,
              detail: 'Name a person, a schedule, a team or a webhook: exactly one of them.',
            },
          ]
        : [],
    ),
  )
}
