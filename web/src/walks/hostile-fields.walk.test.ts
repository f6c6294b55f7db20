// Each of the 300 hostile strings in every field of prose around an incident and what follows from it, as the API document
// lists the fields; then every page that shows one of them, in Chromium: nothing runs, no policy is broken, no link leads astray.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { call, hostile, listen, packed, strangeLinks, visit } from './hostile.fixture.ts'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly maxLength?: number
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly enum?: unknown
  readonly const?: unknown
  readonly format?: unknown
  readonly pattern?: unknown
}
interface Described {
  readonly operationId: string
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
const file = path.resolve(import.meta.dirname, '../../../docs/reference/openapi.json')
const document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
} = JSON.parse(readFileSync(file, 'utf8'))

const rooms = ['incidents', 'postmortems', 'actions', 'learning', 'problems', 'statuspages', 'chat']

/** What a person may write as they like, with its limit: `incidents.declare title` → 200. */
function fieldsOfProse(): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const look = (schema: Schema | undefined, name: string, depth: number): void => {
    if (schema === undefined || depth > 6) return
    const { $ref, anyOf, items, properties } = schema
    if ($ref !== undefined) look(document.components.schemas[$ref.split('/').at(-1) ?? ''], name, depth + 1)
    for (const each of anyOf ?? []) look(each, name, depth + 1)
    look(items, `${name}[]`, depth + 1)
    for (const [key, each] of Object.entries(properties ?? {}))
      look(each, name.endsWith(' ') ? `${name}${key}` : `${name}.${key}`, depth + 1)
    const isFree = [schema.enum, schema.const, schema.format, schema.pattern].every((each) => each === undefined)
    if (schema.type === 'string' && isFree) found.set(name, schema.maxLength ?? 0)
  }
  for (const item of Object.values(document.paths))
    for (const { operationId, requestBody } of Object.values(item))
      if (rooms.includes(operationId.split('.')[0] ?? ''))
        look(requestBody?.content['application/json']?.schema, `${operationId} `, 0)
  return found
}

/** Fields no page shows as they came, or that another test fills. */
const elsewhere: Readonly<Record<string, string>> = {
  'incidents.declare severity': 'one of four',
  'incidents.update severity': 'one of four',
  'incidents.update callUrl': 'only https is taken, which is asked below',
  'incidents.pin-graph title': 'needs measured samples; a pin is drawn by the chart of every objective',
  'incidents.split title': 'the title of an incident, as declared',
  'incidents.split reason': 'the reason of a regrouping, as of a merge',
  'incidents.withdraw-update reason': 'a line of the journal, as the reason of a decision',
  'incidents.replan reason': 'a line of the journal, as the reason of a decision',
  'incidents.went-wrong reason': 'a line of the journal, as the reason of a decision',
  'incidents.went-wrong severity': 'one of four',
  'incidents.declare maintenance': 'one there is',
  'learning.classify class': 'one of the declared classes',
  'problems.open class': 'one of the declared classes',
  'problems.change class': 'one of the declared classes',
  'postmortems.write-factors factors[].leadsTo[]': 'one of the factors',
  'postmortems.write-section body': 'all 300 in hostile-text.walk.test.ts, editor included',
  'postmortems.decide-review reason': 'needs a second person; shown beside comments by the same component',
  'postmortems.prepare-public title': 'public.db.test.ts: HTML of the public version',
  'postmortems.prepare-public passages[]': 'what is taken out of it',
  'postmortems.prepare-public roles[].role': 'public.db.test.ts',
  'postmortems.prepare-public noNames[]': 'what is left in it',
  'postmortems.withdraw-public reason': 'needs a second person; a line of the journal like any other',
}

test('no field of prose is missed, and none of them runs on any page', { timeout: 600_000 }, async () => {
  const { ask } = world()
  const limits = fieldsOfProse()
  const poured = new Set<string>()
  /** The 300 for a field, in as few texts as its limit allows. */
  const texts = (field: string): readonly string[] => {
    const limit = limits.get(field)
    if (limit === undefined) throw new Error(`There is no field ${field}.`)
    poured.add(field)
    return packed(limit)
  }
  const send = async (method: 'GET' | 'POST' | 'PUT', where: string, data?: unknown) =>
    (await ask(method, `/api/v1/${where}`, data)) as Readonly<Record<string, unknown>> & { readonly id: string }
  const context = await world().signedIn()
  const patch = async (where: string, data: object) => {
    const reply = await context.request.patch(`/api/v1/${where}`, { headers: { 'x-mainstay-csrf': '1' }, data })
    expect(reply.status(), await reply.text()).toBe(200)
  }

  await world().applyShop('catalog')
  await send('POST', 'apply', { documents: hostileDocuments(), manager: 'hostile' })

  // Incidents: each pack a title; they are merged, related and called repeats of each other.
  const notes = texts('incidents.declare note')
  const others: string[] = []
  for (const [index, title] of texts('incidents.declare title').entries())
    others.push((await send('POST', 'incidents', { title, severity: 'SEV4', note: notes[index] ?? 'As before' })).id)
  const main = (await send('POST', 'incidents', { title: 'The one that is led', severity: 'SEV4', services: ['cart'] }))
    .id
  const at = `incidents/${main}`
  const reasons = texts('incidents.update reason')
  for (const [index, title] of texts('incidents.update title').entries())
    await patch(at, { title, reason: reasons[index] ?? 'As before' })
  const refused = await context.request.patch(`/api/v1/${at}`, {
    headers: { 'x-mainstay-csrf': '1' },
    data: { callUrl: 'javascript:pwned()', reason: 'A call' },
  })
  expect(refused.status()).toBe(422)
  for (const text of texts('incidents.note text')) await send('POST', `${at}/notes`, { text })
  for (const text of texts('incidents.post-update text'))
    await send('POST', `${at}/updates`, { audience: 'company', text })
  const proposals = `${at}/updates/proposals`
  for (const text of texts('incidents.propose-update text'))
    await send('POST', proposals, { audience: 'company', text })
  for (const reason of texts('incidents.decide-update reason')) {
    const { number } = await send('POST', proposals, { audience: 'company', text: 'Taken back' })
    await send('POST', `${proposals}/${number}/decision`, { approve: false, reason })
  }
  const regions = texts('incidents.state-impact regions[]')
  const customers = texts('incidents.state-impact customers[]')
  for (const [index, statement] of texts('incidents.state-impact statement').entries())
    await send('PUT', `${at}/impact`, {
      ...{ statement, spans: [] },
      ...{
        regions: regions.slice(index * 50, index * 50 + 50),
        customers: customers.slice(index * 50, index * 50 + 50),
      },
    })
  const itemReasons = texts('incidents.add-item reason')
  for (const kind of ['task', 'decision', 'hypothesis', 'mitigation'])
    for (const [index, text] of texts('incidents.add-item text').entries())
      await send('POST', `${at}/work`, {
        ...{ kind, text },
        ...(kind === 'decision' ? { reason: itemReasons[index] ?? 'As before' } : {}),
      })
  const contacts = texts('incidents.add-item vendorCase.contact')
  const numbers = texts('incidents.add-item vendorCase.caseNumber')
  const renumbered = texts('incidents.change-item caseNumber')
  const vendors = texts('incidents.add-item vendorCase.vendor')
  for (const [index, caseNumber] of numbers.entries()) {
    const vendorCase = { vendor: vendors[index] ?? 'As before', contact: contacts[index] ?? 'As before', caseNumber }
    const asked = await send('POST', `${at}/work`, { kind: 'vendor-case', text: 'Asked', vendorCase })
    await patch(`${at}/work/${asked.id}`, { caseNumber: renumbered[index] ?? 'As before' })
  }
  const claim = await send('POST', `${at}/work`, { kind: 'hypothesis', text: 'Claimed' })
  const changes = texts('incidents.change-item reason')
  for (const [index, text] of texts('incidents.change-item evidence.text').entries()) {
    await patch(`${at}/work/${claim.id}`, { evidence: { side: index % 2 === 0 ? 'for' : 'against', text } })
    const state = index % 2 === 0 ? 'refuted' : 'open'
    await patch(`${at}/work/${claim.id}`, { state, reason: changes[index] ?? 'As before' })
  }
  for (const [index, note] of texts('incidents.transition note').entries())
    await send('POST', `${at}/transition`, { to: index % 2 === 0 ? 'mitigated' : 'active', note })
  for (const [index, reason] of texts('incidents.relate reason').entries())
    await send('POST', `${at}/relations`, { other: others[index], relation: 'related', reason })
  const undone = texts('incidents.undo-regrouping reason')
  for (const [index, reason] of texts('incidents.merge reason').entries()) {
    const other = others[index + 40] ?? ''
    await send('POST', `incidents/${other}/merge`, { into: main, reason })
    const { items } = (await ask('GET', `/api/v1/incidents/${other}/regroupings`)) as { items: { id: string }[] }
    await send('POST', `incidents/${other}/regroupings/${items[0]?.id}/undo`, { reason: undone[index] ?? 'As before' })
  }
  const { items: lines } = (await ask('GET', `/api/v1/${at}/timeline?limit=200`)) as { items: { id: number }[] }
  for (const [index, reason] of texts('incidents.place-entry reason').entries())
    await send('POST', `${at}/timeline/${lines[index]?.id}/place`, { at: new Date().toISOString(), reason })
  const began = Date.now() - 86_400_000
  for (const [index, reason] of texts('incidents.correct-time reason').entries())
    await send('POST', `${at}/times`, {
      ...{ time: 'impactStartedAt', at: new Date(began + index * 60_000).toISOString(), reason },
    })
  for (const [index, reason] of texts('incidents.restrict reason').entries())
    await send('POST', `${at}/readers`, {
      kind: index % 2 === 0 ? 'security' : 'normal',
      readers: ['person:ana'],
      reason,
    })
  await send('POST', `${at}/readers`, { kind: 'normal', readers: [], reason: 'For everybody' })
  poured.add('chat.command text')
  for (const text of packed(3_900)) await send('POST', 'chat/commands', { text: `note 1 ${text}` })
  for (const [index, reason] of texts('learning.judge-repeat reason').entries())
    await send('POST', `incidents/${others[index + 1]}/repeats`, { earlier: others[0], verdict: 'rejected', reason })

  // What was learnt, agreed on, and told.
  await send('POST', `${at}/transition`, { to: 'resolved', note: 'Over' })
  const postmortem = await send('POST', 'postmortems', { incident: main })
  const pm = `postmortems/${postmortem.id}`
  for (const title of texts('postmortems.update title')) await patch(pm, { title })
  const { version } = (await ask('GET', `/api/v1/${pm}`)) as { version: number }
  const factors = texts('postmortems.write-factors factors[].text').map((text, index) => ({
    ...{ id: `f${index}`, text, kind: 'latent', leadsTo: index === 0 ? [] : ['f0'] },
  }))
  await send('PUT', `${pm}/factors`, { factors, version })
  for (const [index, note] of texts('postmortems.transition note').entries())
    await send('POST', `${pm}/transition`, { to: index % 2 === 0 ? 'review' : 'draft', note })
  for (const body of texts('postmortems.comment body'))
    await send('POST', `${pm}/review/comments`, { section: 'summary', body })
  for (const reason of texts('postmortems.excuse reason'))
    for (const excused of [true, false]) await send('POST', `${pm}/exception`, { excused, reason })
  for (const [index, because] of texts('postmortems.open because').entries()) {
    await send('POST', `incidents/${others[index]}/transition`, { to: 'resolved', note: 'Over' })
    await send('POST', 'postmortems', { incident: others[index], because })
  }
  const windowMs = 3_600_000
  const signals = texts('actions.add signal.title')
  const actions: string[] = []
  for (const [index, title] of texts('actions.add title').entries()) {
    const signal = { kind: 'alert', service: 'cart', title: signals[index] ?? 'As before', windowMs }
    const order = { title, kind: 'prevent', owner: 'ben', dueAt: '2030-01-01T00:00:00Z', signal }
    actions.push((await send('POST', `${pm}/actions`, order)).id)
  }
  const finished = texts('actions.finish signal.title')
  const words = texts('actions.finish note')
  const changedSignals = texts('actions.change signal.title')
  const dropped = texts('actions.change reason')
  for (const [index, action] of actions.entries()) {
    const signal = { kind: 'alert', service: 'cart', windowMs }
    await patch(`actions/${action}`, { signal: { ...signal, title: changedSignals[index] ?? 'As before' } })
    const note = words[index] ?? 'Done'
    await send('POST', `actions/${action}/finish`, {
      ...{ note, signal: { ...signal, title: finished[index] ?? 'As before' } },
    })
    if (index < dropped.length) await patch(`actions/${action}`, { state: 'dropped', reason: dropped[index] })
  }
  const causes = texts('problems.open cause')
  const helps = texts('problems.open workaround')
  let problem = ''
  for (const [index, title] of texts('problems.open title').entries())
    problem = (
      await send('POST', 'problems', { title, cause: causes[index] ?? null, workaround: helps[index] ?? 'As before' })
    ).id
  const later = {
    cause: texts('problems.change cause'),
    workaround: texts('problems.change workaround'),
    plan: texts('problems.change plan'),
  }
  for (const [index, title] of texts('problems.change title').entries())
    await patch(`problems/${problem}`, {
      title,
      ...(index < later.plan.length
        ? { cause: later.cause[index], workaround: later.workaround[index], plan: later.plan[index] }
        : {}),
    })
  for (const [index, note] of texts('problems.transition note').entries())
    await send('POST', `problems/${problem}/transition`, { to: index % 2 === 0 ? 'known-error' : 'open', note })
  for (const [index, reason] of texts('problems.unlink reason').entries()) {
    await send('POST', `problems/${problem}/links`, { incident: others[index] })
    await send('POST', `problems/${problem}/unlink`, { incident: others[index], reason })
  }
  const bodies = texts('statuspages.publish body')
  const german = { titles: texts('statuspages.publish titles.de'), bodies: texts('statuspages.publish bodies.de') }
  let post = ''
  for (const [index, title] of texts('statuspages.publish title').entries())
    post = (
      await send('POST', 'status-pages/shop/posts', {
        ...{ kind: 'incident', title, body: bodies[index] ?? 'As before', state: 'investigating', notify: false },
        ...{ titles: { de: german.titles[index] }, bodies: { de: german.bodies[index] ?? 'Wie zuvor' } },
      })
    ).id
  const germanUpdates = texts('statuspages.update bodies.de')
  for (const [index, body] of texts('statuspages.update body').entries())
    await send('POST', `status-posts/${post}/updates`, {
      ...{ state: 'monitoring', body, bodies: { de: germanUpdates[index] }, notify: false },
    })
  poured.add('statuspages.import text')
  const past = hostile.map((text, index) => ({
    ...{ id: `past-${index}`, name: text.slice(0, 200) },
    incident_updates: [{ status: 'resolved', body: text, created_at: '2026-01-01T10:00:00Z' }],
  }))
  await send('POST', 'status-pages/shop/import', { text: JSON.stringify({ incidents: past }) })

  // What a status page takes is tried above; which fields it has is its own room's to say.
  const ours = [...limits.keys()].filter((field) => !field.startsWith('statuspages.'))
  expect(ours.filter((field) => !poured.has(field) && !(field in elsewhere))).toEqual([])
  expect(Object.keys(elsewhere).filter((field) => !limits.has(field) || poured.has(field))).toEqual([])

  const page = await context.newPage()
  const outside = await context.newPage()
  const ran: string[] = []
  for (const each of [page, outside]) await listen(each, ran)
  const complaints = await watch(page)
  const strange: string[] = []
  const shown = [
    ...['', '?view=state', '?view=work', '?view=updates', '?view=related', '?view=workflows'].map((view) => at + view),
    ...[`incidents/${others[0]}`, `incidents/${others[45]}?view=related`, 'incidents?status=all', 'incidents/learnt'],
    ...['', '?view=agenda', '?view=unfinished', '?view=proven', '?view=overdue'].map((view) => `postmortems${view}`),
    ...[pm, `${pm}/print`, `learning/problems/${problem}`],
    ...['repeats&verdict=rejected', 'problems', 'trends', 'month', 'search&q=script'].map(
      (view) => `learning?view=${view}`,
    ),
    ...['status-pages/shop', 'services', 'services/hostile-0', 'workflows', 'journal', ''],
  ]
  for (const where of shown) {
    await visit(page, `/${where}`, /./)
    strange.push(...(await strangeLinks(page)).map((link) => `${where}: ${link}`))
  }
  await expect.poll(async () => (await outside.goto('/status/shop'))?.status(), { timeout: 60_000 }).toBe(200)
  await expect.poll(async () => (await outside.goto('/status/shop')) && outside.content()).toContain('pwned')
  strange.push(...(await strangeLinks(outside)))
  expect((await outside.goto('/status/shop?lang=de'))?.status()).toBe(200)
  expect(await outside.content()).toContain('lang="de"')
  strange.push(...(await strangeLinks(outside)))
  expect(ran).toEqual([])
  expect(strange).toEqual([])
  complaints.expectNone()
})

/** Services, a workflow and policies with the 300 in their names and sentences. */
function hostileDocuments(): string {
  const titles = packed(60)
  const sentences = packed(500)
  const of = (kind: string, name: string, displayName: string, spec: object) => ({
    ...{ apiVersion: 'mainstay.dev/v1', kind, metadata: { name, displayName }, spec },
  })
  const components = titles.slice(0, 50).map((title, index) => ({
    ...{
      name: `c${index}`,
      title,
      description: sentences[index % sentences.length]?.slice(0, 300),
      services: ['cart'],
    },
  }))
  const meanings = ['SEV1', 'SEV2', 'SEV3', 'SEV4'].map((severity, index) => [
    severity,
    { meaning: sentences[index], postmortem: false },
  ])
  return [
    ...titles.map((title, index) => of('Service', `hostile-${index}`, title, { tier: 3 })),
    of('StatusPage', 'shop', titles[0] ?? call, { visibility: 'public', languages: ['en', 'de'], components }),
    of('IncidentPolicy', 'default', 'Default', { severities: Object.fromEntries(meanings) }),
    of('Workflow', 'hostile', titles[1] ?? call, {
      on: ['declared'],
      when: 'incident.severity == "SEV1"',
      steps: sentences.slice(0, 10).map((text, index) => ({ name: titles[index], task: { text } })),
    }),
  ]
    .map((each) => JSON.stringify(each))
    .join('\n---\n')
}
