// Lists, rooms, boards and measures of a house that has had 10,000 incidents, with a million journal entries behind them. A few
// incidents are led through the API; SQL makes copies of every row they left, each at a time and with words of its own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { type Connection, connect } from './parts/http.ts'
import { copyIncidents } from './parts/incident-copies.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ incidents: 10_000, entries: 1_000_000, led: 20, reads: 15 })
const services = ['front', 'catalog', 'cart', 'checkout', 'payment', 'search', 'mail', 'login']
const titles = ['Payments fail', 'Search is slow', 'Nobody can sign in', 'Mails are late', 'Carts are empty']

type Write = (where: string, body: object, status?: number, method?: string) => Promise<{ readonly id: string }>
const open = new Map<string, Connection>()
let authorization = ''

// Seeding takes minutes: BENCH_DATA_DIR keeps what was seeded for the next run.
const dataFolder = process.env.BENCH_DATA_DIR
const isSeeded = dataFolder !== undefined && existsSync(path.join(dataFolder, 'postgres'))
// Without worker and scheduler nothing is reminded of meanwhile; the million entries are sealed beside what is asked.
const product = await startProduct({
  environment: { MAINSTAY_ROLES: 'api' },
  setUp: !isSeeded,
  ...(dataFolder === undefined ? {} : { dataFolder }),
})
const keyFile = path.join(product.dataFolder, 'bench-key')
const owner = new pg.Client({
  host: readFileSync(path.join(product.dataFolder, 'postgres/socket-folder'), 'utf8').trim(),
  user: 'mainstay',
  database: 'mainstay',
})
// It ends with the database; a failure before that is the one to be told.
owner.on('error', () => undefined)
try {
  await owner.connect()
  if (!isSeeded) await seed()
  authorization = readFileSync(keyFile, 'utf8')

  const one = (await owner.query(`select id, number from incidents where status = 'reviewed' order by number limit 1`))
    .rows[0]
  const late = (await owner.query(`select id from incidents order by declared_at desc limit 1`)).rows[0]
  const { rows: next } = await owner.query('select declared_at from incidents order by declared_at desc offset 5000')
  const to = new Date(next[0]?.declared_at ?? Date.now()).toISOString()
  const month = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 7)
  const pages: Readonly<Record<string, readonly string[]>> = {
    'list, newest': ['incidents?limit=50'],
    'list, open': ['incidents?limit=50&status=open'],
    'list, a view: SEV1 of one service': ['incidents?limit=50&severity=SEV1&service=payment'],
    'list, searched': ['incidents?limit=50&search=zebra'],
    'list, found nowhere': ['incidents?limit=50&search=not-to-be-found'],
    'list, from the middle on': [`incidents?limit=50&to=${to}`],
    'list, by number': [`incidents?number=${one.number}`],
    overview: ['overview'],
    room: [
      ...['', '/timeline?limit=1000', '/work', '/related', '/updates', '/impact', '/classes', '/repeats', '/chat'].map(
        (part) => `incidents/${one.id}${part}`,
      ),
    ],
    'room, its timeline': [`incidents/${one.id}/timeline?limit=1000`],
    'room, related': [`incidents/${one.id}/related`],
    'room of the newest, repeats': [`incidents/${late.id}/repeats`],
    'actions board': ['actions?state=unfinished&limit=100', 'action-ageing'],
    'actions, most risk first': ['actions?state=unfinished&sort=priority&limit=100'],
    'postmortems, library': ['postmortems?limit=50'],
    'postmortems, agenda and compliance': ['postmortem-agenda', 'postmortem-compliance'],
    'learning, trends of 12 months': ['learning/trends'],
    'learning, a month': [`learning/packs/${month}`],
    'learning, repeats': ['learning/repeats'],
    'learning, problems': ['problems?limit=50'],
    'learning, search': ['learning/search?q=rollback'],
  }
  for (const [page, questions] of Object.entries(pages)) {
    const took: number[] = []
    let bytes = 0
    const cpu = cpuSeconds([product.serverPid, product.databasePid])
    for (let read = 0; read < options.reads; read += 1) {
      const since = performance.now()
      // A page asks for all it shows at once; how many are answered at a time is the server's own matter.
      const replies = await Promise.all(
        questions.map(async (question) => {
          const reader = readers(question)
          return demand(await reader.send('GET', `/api/v1/${question}`), 200)
        }),
      )
      took.push(performance.now() - since)
      bytes = replies.reduce((sum, each) => sum + each.length, 0)
    }
    const cpuMs = ((cpuSeconds([product.serverPid, product.databasePid]) - cpu) * 1000) / options.reads
    print('incidents', { page, requests: questions.length, bytes, cpuMs: round(cpuMs, 1), ms: quantiles(took) })
  }
  for (const reader of open.values()) reader.close()

  async function seed(): Promise<void> {
    await product.apply(
      [
        { kind: 'Person', metadata: { name: 'ana' }, spec: { email: 'ana@shop.example' } },
        { kind: 'Team', metadata: { name: 'web' }, spec: { members: ['ana'] } },
        ...services.map((name, index) => ({
          kind: 'Service',
          metadata: { name },
          spec: { team: 'web', tier: index % 4, dependsOn: services.slice(index + 1, index + 3) },
        })),
      ]
        .map((each) => JSON.stringify({ apiVersion: 'mainstay.dev/v1', ...each }))
        .join('\n---\n'),
    )
    writeFileSync(keyFile, `Bearer ${await product.createKey('bench')}`)
    const admin = connect(product.url, { authorization: readFileSync(keyFile, 'utf8') })
    for (let index = 0; index < options.led; index += 1)
      await lead(index, async (where, body, status = 201, method = 'POST') =>
        JSON.parse(demand(await admin.send(method, `/api/v1/${where}`, body), status)),
      )
    admin.close()
    const began = performance.now()
    const rows = await copyIncidents(owner, options)
    print('incidents-seed', { ...options, ...rows, seconds: round((performance.now() - began) / 1000) })
  }

  /** As a person would: declared, noted, worked on, told, resolved; some with a postmortem and work that follows. */
  async function lead(index: number, write: Write): Promise<void> {
    const { id } = await write('incidents', {
      title: `${titles[index % titles.length]}`,
      severity: `SEV${1 + (index % 4)}`,
      services: [services[index % services.length], services[(index + 3) % services.length]],
    })
    const at = `incidents/${id}`
    await write(`${at}/roles`, { role: 'commander', person: 'ana' }, 200)
    for (let line = 0; line < 10; line += 1) await write(`${at}/notes`, { text: `Line ${line} of what was seen.` })
    await write(`${at}/work`, { kind: 'hypothesis', text: 'The release dropped the retry' })
    await write(`${at}/work`, { kind: 'mitigation', text: 'Rollback to 1.4.1' })
    await write(`${at}/updates`, { audience: 'company', text: 'We are on it.' })
    if (index % 10 === 0) return
    await write(`${at}/transition`, { to: 'mitigated', note: 'The rollback holds' }, 200)
    await write(`${at}/transition`, { to: 'resolved', note: 'The rollback held' }, 200)
    if (index % 3 !== 0) return
    const postmortem = await write('postmortems', { incident: id })
    await write(
      `postmortems/${postmortem.id}/sections/summary`,
      { body: 'A release dropped the retry; the rollback took twenty minutes.', version: 1 },
      200,
      'PUT',
    )
    for (const title of ['Try each release on few users', 'Alarm on retries that are gone']) {
      const dueAt = new Date(Date.now() + 14 * 86_400_000).toISOString()
      await write(`postmortems/${postmortem.id}/actions`, { title, kind: 'prevent', owner: 'ana', dueAt })
    }
  }
} finally {
  await owner.end().catch(() => undefined)
  await product.stop()
}

/** A connection for each question, kept alive, as a browser holds several. */
function readers(question: string) {
  const known = open.get(question)
  if (known !== undefined) return known
  const made = connect(product.url, { authorization })
  open.set(question, made)
  return made
}
