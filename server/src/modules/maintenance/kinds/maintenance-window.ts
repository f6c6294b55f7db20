// The declarative kind MaintenanceWindow: planned work on services, once or by a rule, for pages, budgets, status pages
// and the calendar alike.
import { Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { formatDuration, hour, parseDuration } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { Name, Text, Words } from '../../../platform/http/schemas.ts'
import type { Admission, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { findResources } from '../../catalog/index.ts'
import {
  type Announcement,
  announcedStates,
  dependantWords,
  type MaintenanceWindow,
  occurrencesWithin,
  type Recurrence,
  recurrenceFault,
  treatments,
  wallPattern,
} from '../core/index.ts'
import { findWindow, removeWindow, saveWindow } from '../maintenance.store.ts'
import { coversOf, planWindow } from '../usecases/plan-windows.ts'

const durationPattern = '^(\\d{1,9}(s|m|h|d))+$'
const usualAheadMs = 72 * hour
const yearMs = 366 * 24 * hour

const Spec = Type.Object({
  services: Type.Array(Name, { minItems: 1, maxItems: 100 }),
  dependants: Type.Optional(
    Words(
      dependantWords,
      'Who is covered beside them: `none` (usual), `hard`: services that fail with them, `all`: soft dependants too.',
    ),
  ),
  reason: Type.String({ minLength: 3, maxLength: 500, description: 'For colleagues: what is done, and why.' }),
  team: Type.Optional(Name),
  start: Type.String({ pattern: wallPattern, description: 'Wall time of the first: 2026-01-04 02:00' }),
  timeZone: Type.String({ maxLength: 60, description: 'IANA name: Europe/Vienna' }),
  lasts: Type.String({
    pattern: durationPattern,
    maxLength: 20,
    description: '2h, 90m. Hours are hours that pass, also in the night the clocks change.',
  }),
  repeat: Type.Optional(
    Type.String({ minLength: 5, maxLength: 500, description: 'RFC 5545: FREQ=WEEKLY;BYDAY=SU. Without it: once.' }),
  ),
  budget: Type.Optional(
    Words(
      treatments,
      'Its time in budgets. `drop` (usual): not expected. `good`: as if all had gone well. `count`: counted as ever.',
    ),
  ),
  announce: Type.Optional(
    Type.Object(
      {
        title: Text(200),
        text: Text(2_000, 'For customers: what they notice, and how long.'),
        ahead: Type.Optional(
          Type.String({ pattern: durationPattern, maxLength: 20, description: 'How long before: 3d (usual).' }),
        ),
        impact: Type.Optional(Words(announcedStates, 'How the components stand meanwhile.')),
      },
      { description: 'Published on every status page that shows a covered service. Without it nothing is.' },
    ),
  ),
})

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const texts = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

function announcementOf(value: JsonValue | undefined): Announcement | null {
  if (!isJsonObject(value)) return null
  return {
    title: text(value.title),
    text: text(value.text),
    aheadMs: value.ahead === undefined ? usualAheadMs : (parseDuration(text(value.ahead)) ?? usualAheadMs),
    impact: announcedStates.find((each) => each === value.impact) ?? 'under_maintenance',
  }
}

/** Reads what was admitted. */
export function readWindow({ metadata, spec }: ResourceDocument): MaintenanceWindow {
  return {
    name: metadata.name,
    title: metadata.displayName ?? metadata.name,
    reason: text(spec.reason),
    team: typeof spec.team === 'string' ? spec.team : null,
    services: texts(spec.services),
    dependants: dependantWords.find((each) => each === spec.dependants) ?? 'none',
    budget: treatments.find((each) => each === spec.budget) ?? 'drop',
    recurrence: recurrenceOf(spec),
    announce: announcementOf(spec.announce),
  }
}

export const recurrenceOf = (spec: JsonObject) => ({
  rule: typeof spec.repeat === 'string' ? spec.repeat : null,
  start: text(spec.start),
  timeZone: text(spec.timeZone),
  lastsMs: parseDuration(text(spec.lasts)) ?? 0,
})

export const maintenanceWindowKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'MaintenanceWindow',
  plural: 'maintenancewindows',
  aliases: ['maintenance', 'maintenancewindow', 'maintenance-window'],
  summary: 'Planned work on services: nobody is paged, budgets leave it out, status pages announce it',
  order: 60,
  spec: Spec,
  owner: ({ spec }) => (typeof spec.team === 'string' ? spec.team : null),
  references: ({ spec }) => [
    ...(typeof spec.team === 'string' ? [{ kind: 'Team', name: spec.team, pointer: '/spec/team' }] : []),
    ...texts(spec.services).map((name, index) => ({ kind: 'Service', name, pointer: `/spec/services/${index}` })),
  ],
  admit: ({ spec }) => {
    const fault = recurrenceFault(recurrenceOf(spec))
    const faults: Fault[] = fault === null ? [] : [{ pointer: `/spec/${fault.field}`, detail: fault.detail }]
    const ahead = isJsonObject(spec.announce) ? announcementOf(spec.announce)?.aheadMs : undefined
    if (ahead !== undefined && ahead > 31 * 24 * hour)
      faults.push({ pointer: '/spec/announce/ahead', detail: 'Customers are told 31 days ahead at most.' })
    return { faults, warnings: [] }
  },
  check: async (tx, document): Promise<Admission> => {
    const window = readWindow(document)
    const now = await tx.now()
    const known = await findWindow(tx, window.name)
    const [next] = occurrencesWithin(window.recurrence, { start: now, end: plus(now, yearMs) }, 1)
    // What is declared anew must still come; one that took place may stay declared and have its words changed.
    if (next === undefined && !sameRecurrence(known?.recurrence, window.recurrence)) {
      const over = 'It is over already, or does not take place within a year.'
      const detail = `${over} What happened before it was declared is taken out of a budget by a correction.`
      return { faults: [{ pointer: '/spec/start', detail }], warnings: [] }
    }
    const covers = await coversOf(tx, window)
    const owners = await findResources(
      tx,
      covers.map((name) => ({ kind: 'Service', name })),
    )
    const others = owners.filter(
      (each) => typeof each.document.spec.team === 'string' && each.document.spec.team !== window.team,
    )
    const warnings: Fault[] = []
    if (covers.length > window.services.length)
      warnings.push({
        pointer: '/spec/dependants',
        detail: `With dependants it covers ${covers.length} services: ${listed(covers)}.`,
      })
    if (window.team !== null && others.length > 0)
      warnings.push({
        pointer: '/spec/services',
        detail: `Of other teams: ${listed(others.map((each) => each.name))}. Nobody of them is paged for these meanwhile.`,
      })
    const day = 24 * hour
    if (window.recurrence.lastsMs > day)
      warnings.push({
        pointer: '/spec/lasts',
        detail: `Nobody is paged for ${formatDuration(window.recurrence.lastsMs)}.`,
      })
    return { faults: [], warnings }
  },
  saved: async (tx, { after, actor }) => {
    const row = { ...readWindow(after), declaredBy: actor.name }
    await saveWindow(tx, row, await tx.now())
    await planWindow(tx, row.name, row)
  },
  removed: async (tx, { metadata }) => {
    await removeWindow(tx, metadata.name)
    await planWindow(tx, metadata.name, null)
  },
}

function sameRecurrence(a: Recurrence | undefined, b: Recurrence): boolean {
  return a?.rule === b.rule && a.start === b.start && a.timeZone === b.timeZone && a.lastsMs === b.lastsMs
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
