// Schedules of another on-call product become documents: with whom they name, what was left out, and how far ours agree
// with what the other product itself renders. Nothing is written; the documents go through `apply` like any others.
import { AppError } from '../../../kernel/app-error.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { isName } from '../../../kernel/names.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findPersonByEmail, findResource } from '../../catalog/index.ts'
import { finalSchedule, type Schedule } from '../core/index.ts'
import type { ImportedPerson, ImportedSchedule } from '../import.ports.ts'
import { oncallKinds } from '../kinds/kinds.ts'
import { readSchedule } from '../kinds/read-spec.ts'
import type { OncallPorts } from '../oncall.ports.ts'

const mostSchedules = 200

export async function importSchedules(needs: Needs, ports: Pick<OncallPorts, 'readScheduleExport'>, text: string) {
  const { database } = needs
  const read = ports.readScheduleExport(text, await database.now())
  if (read === null)
    throw new AppError(
      'invalid',
      'oncall.export-refused',
      'This is no export of PagerDuty (REST v2), Opsgenie (API v2) or Grafana OnCall (API v1) that can be read.',
    )
  const people = await resolvePeople(database, read.people)
  const documents: ResourceDocument[] = people.documents
  const taken = new Set<string>()
  const notes = [...read.notes]
  const schedules = []
  for (const each of read.schedules.slice(0, mostSchedules)) {
    const name = slugOf(each.name, taken)
    const document = documentOf(each, name, people.names)
    const faults = oncallKinds.find((kind) => kind.kind === 'Schedule')?.admit(document).faults ?? []
    if (each.rotations.length === 0 || faults.length > 0) {
      notes.push(`${each.name} is left out: ${faults[0]?.detail ?? 'it has no rotation that can be taken over.'}`)
      continue
    }
    documents.push(document)
    const agreement = agreementOf(readSchedule(document, []), each, people.names)
    schedules.push({ name, displayName: each.name, rotations: each.rotations.length, agreement })
  }
  return {
    source: read.source,
    documents: documents.map((each) => JSON.stringify(each, null, 2)).join('\n---\n'),
    schedules,
    newPeople: people.added,
    missing: people.missing,
    notes,
  }
}

async function resolvePeople(queries: Queries, people: readonly ImportedPerson[]) {
  const names = new Map<string, string>()
  const documents: ResourceDocument[] = []
  const added: { name: string; email: string }[] = []
  const missing: string[] = []
  const taken = new Set<string>()
  for (const { key, name, email } of people) {
    const byEmail = email === null ? null : await findPersonByEmail(queries, email)
    const slug = slugOf(name, new Set())
    const known = byEmail ?? (email === null ? await findResource(queries, { kind: 'Person', name: slug }) : null)
    if (known !== null) {
      names.set(key, known.name)
      continue
    }
    if (email === null) {
      missing.push(name)
      names.set(key, slug)
      continue
    }
    const fresh = await freeName(queries, name, taken)
    names.set(key, fresh)
    added.push({ name: fresh, email })
    documents.push({
      apiVersion: 'mainstay.dev/v1',
      kind: 'Person',
      metadata: { name: fresh, displayName: name },
      spec: { email },
    })
  }
  return { names, documents, added, missing }
}

/** Another person of the catalog may have the name already. */
async function freeName(queries: Queries, name: string, taken: Set<string>): Promise<string> {
  for (;;) {
    const slug = slugOf(name, taken)
    if ((await findResource(queries, { kind: 'Person', name: slug })) === null) return slug
  }
}

/** A name as declared objects have them, not taken yet; remembers it. */
function slugOf(text: string, taken: Set<string>): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 55)
    .replace(/-+$/, '')
  const base = isName(plain) ? plain : 'imported'
  let name = base
  for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`
  taken.add(name)
  return name
}

function documentOf(each: ImportedSchedule, name: string, people: ReadonlyMap<string, string>): ResourceDocument {
  const taken = new Set<string>()
  return {
    apiVersion: 'mainstay.dev/v1',
    kind: 'Schedule',
    metadata: { name, displayName: each.name.slice(0, 120) },
    spec: {
      zone: each.zone,
      rotations: each.rotations.map(({ members, ...rotation }) => ({
        ...rotation,
        name: slugOf(rotation.name, taken),
        members: members.map((key) => (key === null ? { nobody: true } : { person: people.get(key) ?? key })),
      })),
    },
  }
}

/** The share of their rendered time in which ours has the same people on call; null when there is none. */
function agreementOf(
  schedule: Schedule,
  { rendered }: ImportedSchedule,
  people: ReadonlyMap<string, string>,
): number | null {
  const [first] = rendered
  if (first === undefined) return null
  const start = rendered.reduce<number>((least, each) => Math.min(least, each.start), first.start)
  const end = rendered.reduce<number>((most, each) => Math.max(most, each.end), first.end)
  const window = { start: instant(start), end: instant(end) }
  const theirs = rendered.map((each) => ({ ...each, person: people.get(each.person) ?? each.person }))
  const ours = finalSchedule(schedule, window).shifts
  const edges = [...theirs, ...ours].flatMap((each) => [each.start, each.end])
  const cuts = [...new Set([start, end, ...edges])].sort((a, b) => a - b).filter((at) => at >= start && at <= end)
  let same = 0
  for (const [index, at] of cuts.entries()) {
    const next = cuts[index + 1]
    if (next !== undefined && onAt(theirs, at) === onAt(ours, at)) same += next - at
  }
  return end === start ? null : same / (end - start)
}

function onAt(shifts: readonly { person: string; start: Instant; end: Instant }[], at: number): string {
  const on = shifts.filter((each) => each.start <= at && at < each.end).map((each) => each.person)
  return [...new Set(on)].sort().join()
}
