// What the demo shop went through before: four incidents, what was learnt of them and what is being proven. Written down through
// the same API as anybody's, once, in an installation that has no incident yet.
import type { Client } from '../../../../client/src/client.ts'
import type { Incident, Postmortem } from '../../../../client/src/operations.gen.ts'

const minute = 60_000
const day = 1_440 * minute

interface Past {
  readonly daysAgo: number
  readonly minutes: number
  readonly title: string
  readonly severity: string
  readonly services: readonly string[]
  readonly notes: readonly (readonly [afterMinutes: number, text: string])[]
}

const poolDry: Past = {
  daysAgo: 41,
  minutes: 47,
  title: 'Checkout refuses orders: its connections to payment are used up',
  severity: 'SEV2',
  services: ['checkout', 'payment'],
  notes: [
    [6, 'Support: orders end with "try again later"'],
    [19, 'All 20 connections of checkout wait for payment, which waits for the card network'],
    [44, 'Checkout restarted with 60 connections; orders go through'],
  ],
}
const poolDryAgain: Past = {
  daysAgo: 12,
  minutes: 26,
  title: 'Checkout refuses orders again: connections to payment are used up',
  severity: 'SEV2',
  services: ['checkout', 'payment'],
  notes: [
    [4, 'All 60 connections of checkout wait for payment'],
    [22, 'Calls to payment are given up after 2 s; orders go through'],
  ],
}
const flag: Past = {
  daysAgo: 25,
  minutes: 18,
  title: 'Catalog shows no products after a flag was turned on',
  severity: 'SEV3',
  services: ['catalog'],
  notes: [[11, 'The flag new-search pointed at an index that was not built; turned off']],
}
const slow: Past = {
  daysAgo: 6,
  minutes: 14,
  title: 'Checkout is slow: its connections to payment wait for the card network',
  severity: 'SEV3',
  services: ['checkout', 'payment'],
  notes: [[10, 'Half of the connections of checkout wait for payment; it went by itself']],
}

/** True when it was written down; false when this installation has a past of its own. */
export async function tellPast(client: Client, now: number): Promise<boolean> {
  const { items } = await client['incidents.list']({ query: { limit: 1 } })
  if (items.length > 0) return false
  const at = (of: Past, minutes: number) => new Date(now - of.daysAgo * day + minutes * minute).toISOString()
  const remember = async (of: Past): Promise<Incident> => {
    const { title, severity, services } = of
    const times = {
      startedAt: at(of, 0),
      detectedAt: at(of, 5),
      acknowledgedAt: at(of, 8),
      mitigatedAt: at(of, of.minutes - 3),
      resolvedAt: at(of, of.minutes),
    }
    const incident = await client['incidents.declare']({
      body: { title, severity, services, kind: 'backfilled', ...times },
    })
    const params = { id: incident.id }
    for (const [after, text] of of.notes) await client['incidents.note']({ params, body: { text, at: at(of, after) } })
    const spans = services.map((service) => ({ service, startedAt: at(of, 0), endedAt: at(of, of.minutes) }))
    await client['incidents.state-impact']({ params, body: { statement: title, spans } })
    return incident
  }
  const first = await remember(poolDry)
  const other = await remember(flag)
  const second = await remember(poolDryAgain)
  const latest = await remember(slow)
  await client['learning.classify']({ params: { id: other.id }, body: { class: 'config' } })

  const noLimit = 'A call to another service has no time limit, so one that is slow takes every connection'
  await learn(client, first, {
    sections: {
      summary:
        'The card network was slow. Every connection of checkout waited for it, and for 47 minutes nobody could buy.',
      'what-happened':
        'The card network answered after 30 seconds instead of one. Payment waited for it, checkout waited for payment, ' +
        'until all 20 connections of checkout were taken. Restarted with 60 connections, it took orders again.',
      'went-well': '- Support told us within six minutes.\n- Nobody was charged twice.',
      'went-badly': '- Nothing told us that connections run out.\n- It took 19 minutes to see who waits for whom.',
      lucky: 'It was a quiet hour of the evening.',
      lessons: 'A call without a time limit makes the failure of one service the failure of all that call it.',
    },
    factors: [
      ['trigger', 'The card network answered after 30 s', 'dependency'],
      ['latent', noLimit, 'capacity'],
    ],
  })
  const review = await learn(client, second, {
    sections: {
      summary: 'The same as before with more connections: they were used up in 4 minutes instead of 2.',
      'what-happened':
        'The card network was slow again. All 60 connections of checkout waited for payment. Once calls to payment ' +
        'were given up after two seconds, orders that did not need the card network went through.',
      'went-well': '- The first postmortem named what to look at, so it took half as long.',
      'went-badly': '- Its only action had been more connections.',
      lucky: 'The time limit could be set without a release.',
      lessons: 'More connections only postponed it. The time limit is what helped.',
    },
    factors: [
      ['latent', noLimit, 'capacity'],
      ['response', 'The first time only the number of connections was raised', 'process'],
    ],
  })
  await client['learning.judge-repeat']({
    params: { id: second.id },
    body: { earlier: first.id, verdict: 'confirmed', reason: 'The same calls waited for the same service.' },
  })
  const due = (days: number) => new Date(now + days * day).toISOString()
  const add = (title: string, more: { kind: 'prevent' | 'detect'; owner: string; size: 'S' | 'M'; days: number }) =>
    client['actions.add']({
      params: { id: review.id },
      body: { title, kind: more.kind, owner: more.owner, size: more.size, dueAt: due(more.days) },
    })
  const limit = await add('Give up calls to payment after 2 s', { kind: 'prevent', owner: 'ben', size: 'S', days: 2 })
  const alert = await add('Alert when nine of ten connections are used', {
    ...{ kind: 'detect', owner: 'chi', size: 'M', days: 9 },
  })
  await client['actions.finish']({
    params: { id: limit.id },
    body: {
      signal: { kind: 'objective', objective: 'checkout-availability', windowMs: 14 * day },
      note: 'Out with 1.4.2; proven when checkout keeps its objective for two weeks.',
    },
  })
  const problem = await client['problems.open']({
    body: {
      title: 'A slow service takes every connection of those that call it',
      incidents: [first.id, second.id],
      class: 'capacity',
      services: ['checkout', 'payment'],
      owner: 'ben',
      cause: noLimit,
      workaround: 'Restart checkout: it gives its connections back.',
    },
  })
  const params = { id: problem.id }
  await client['problems.link']({ params, body: { action: limit.id } })
  await client['problems.link']({ params, body: { action: alert.id } })
  await client['problems.change']({
    params,
    body: { plan: 'A time limit for each call, then an alert before connections run out.', dueAt: due(20) },
  })
  await client['problems.transition']({ params, body: { to: 'known-error' } })
  await client['problems.transition']({ params, body: { to: 'planned' } })
  await publish(client, first, 'What is done about it stands in the postmortem of the repeat.')
  await publish(client, second, null)
  // Whether this was the same again nobody has said yet.
  await client['learning.classify']({ params: { id: latest.id }, body: { class: 'capacity' } })
  await client['postmortems.open']({ body: { incident: latest.id } })

  await client['resources.apply']({ body: { documents: statusPage, manager: 'git:examples/shop' } })
  const said = [
    [8, 'investigating', 'Some orders cannot be placed. We look into it.'],
    [15, 'identified', 'Payments wait too long. We limit how long.'],
    [26, 'resolved', 'Orders go through again. Nobody was charged twice.'],
  ] as const
  const updates = said.map(([after, status, body]) => ({ status, body, created_at: at(poolDryAgain, after) }))
  const history = { incidents: [{ id: 'demo-1', name: 'Some orders fail', incident_updates: updates }] }
  await client['statuspages.import']({ params: { page: 'shop' }, body: { text: JSON.stringify(history) } })
  return true
}

const statusPage = `apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: shop, displayName: The shop }
spec:
  description: How the demo shop is doing.
  visibility: public
  components:
    - { name: front, title: Pages, services: [front], objective: front-availability }
    - { name: search, title: Products and search, services: [catalog], objective: catalog-availability }
    - { name: buy, title: Buying, services: [cart, checkout, payment], objective: checkout-availability }
`

type FactorKind = Postmortem['factors'][number]['kind']
type Section = Postmortem['sections'][number]['section']
interface Learnt {
  readonly sections: Readonly<Partial<Record<Section, string>>>
  readonly factors: readonly (readonly [kind: FactorKind, text: string, className: string])[]
}

async function learn(client: Client, incident: Incident, { sections, factors }: Learnt): Promise<Postmortem> {
  let found = await client['postmortems.open']({ body: { incident: incident.id } })
  const params = { id: found.id }
  for (const { section, version } of found.sections) {
    const body = sections[section]
    if (body === undefined) continue
    found = await client['postmortems.write-section']({ params: { ...params, section }, body: { body, version } })
  }
  const written = factors.map(([kind, text], at) => ({ id: `f${at + 1}`, kind, text, leadsTo: at === 0 ? [] : ['f1'] }))
  found = await client['postmortems.write-factors']({ params, body: { factors: written, version: found.version } })
  for (const [at, [, , className]] of factors.entries())
    await client['learning.classify']({
      params: { id: incident.id },
      body: { factor: `f${at + 1}`, class: className },
    })
  await client['learning.classify']({ params: { id: incident.id }, body: { class: 'capacity' } })
  return found
}

async function publish(client: Client, incident: Incident, note: string | null): Promise<void> {
  const { id } = await client['postmortems.open']({ body: { incident: incident.id } })
  await client['postmortems.transition']({ params: { id }, body: { to: 'review' } })
  await client['postmortems.transition']({
    params: { id },
    body: { to: 'published', ...(note === null ? {} : { note }) },
  })
}
