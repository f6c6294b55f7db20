// From a declared document to the terms of being on call. Documents were validated against their schema before.
import type { Fault } from '../../../kernel/app-error.ts'
import { hour, minute, parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import { checkHours, defaultTerms, type OnCallTerms, readHours, readNight } from '../core/index.ts'
import { writtenHours } from './read-spec.ts'

const of = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const number = (value: JsonValue | undefined, usual: number): number => (typeof value === 'number' ? value : usual)

export function readTerms({ spec }: ResourceDocument): OnCallTerms {
  const [call, limits, night] = [of(spec.call), of(spec.limits), of(spec.night)]
  return {
    workingHours:
      spec.workingHours === undefined ? defaultTerms.workingHours : readHours(writtenHours(spec.workingHours)),
    night: readNight(text(night.from), text(night.to)) ?? defaultTerms.night,
    call: {
      togetherMs: parseDuration(text(call.together)) ?? defaultTerms.call.togetherMs,
      leastMs: parseDuration(text(call.atLeast)) ?? defaultTerms.call.leastMs,
      mostMs: parseDuration(text(call.atMost)) ?? defaultTerms.call.mostMs,
    },
    limits: {
      calls: number(limits.calls, defaultTerms.limits.calls),
      perMs: parseDuration(text(limits.per)) ?? defaultTerms.limits.perMs,
      brokenNights: number(limits.brokenNights, defaultTerms.limits.brokenNights),
      timeOnCall: number(limits.timeOnCall, defaultTerms.limits.timeOnCall),
      answerMs: parseDuration(text(limits.answerWithin)) ?? defaultTerms.limits.answerMs,
    },
  }
}

/** The team's own, else those of nobody in particular, else the usual ones; of several the first by name. */
export function termsOf(documents: readonly ResourceDocument[], team: string | null): OnCallTerms {
  const sorted = [...documents].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const own = team === null ? undefined : sorted.find(({ spec }) => spec.team === team)
  const found = own ?? sorted.find(({ spec }) => spec.team === undefined)
  return found === undefined ? defaultTerms : readTerms(found)
}

/** A stretch of minutes would make thousands of them. */
const shortestStretchMs = hour

export function unclearTerms(document: ResourceDocument): readonly Fault[] {
  const { spec } = document
  const faults = [...checkHours(writtenHours(spec.workingHours), '/spec/workingHours')]
  const fault = (pointer: string, detail: string) => faults.push({ pointer: `/spec${pointer}`, detail })
  const night = of(spec.night)
  if (spec.night !== undefined && readNight(text(night.from), text(night.to)) === null)
    fault('/night', `"${text(night.from)}" to "${text(night.to)}" is no night. Write from: "22:00", to: "06:00".`)
  const { call, limits } = readTerms(document)
  if (call.leastMs > call.mostMs) fault('/call', 'A call cannot count at least more than it counts at most.')
  if (call.mostMs < minute) fault('/call/atMost', 'A call counts a minute or more.')
  if (limits.perMs < shortestStretchMs) fault('/limits/per', 'A stretch of duty is an hour or longer.')
  return faults
}
