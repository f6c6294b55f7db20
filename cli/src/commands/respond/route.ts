// The routing file of an Alertmanager: take it over, look at it, ask where an alert would go.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RoutingFile, RoutingReplay } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact } from '../../print/times.ts'
import { lineOf, readLabels, readMoment } from './explain.ts'

/** Exit 0 when somebody would be told; the file may be one that was not taken over yet. */
export const testRoute: Run = async (call) => {
  const file = call.options.text('file')
  const api = await openApi(call)
  const found = await api.client['routing.test']({
    body: {
      labels: readLabels(call),
      ...(file === null ? {} : { text: await readGiven(call, file) }),
      ...readMoment(call),
    },
  })
  await printDetail(call, {
    title: found.receivers.map(harmless).join(', '),
    facts: [
      ['When', exact(found.at, call.shell.zone)],
      ['Told', toldBy(found)],
    ],
    sections: [{ title: 'Why', lines: found.trace.map(lineOf) }],
    name: 'route',
    document: found,
  })
  return exitCodes.ok
}

function toldBy({ told, telling }: { readonly told: boolean; readonly telling: readonly string[] }): string {
  if (!told) return 'nobody then'
  return telling.length === 0 ? 'by the escalation policy of its service' : `by ${telling.map(harmless).join(', ')}`
}

export const takeRoute: Run = async (call) => {
  const text = await readGiven(call, call.args[0] ?? '')
  const api = await openApi(call)
  const timing = call.options.has('at-once')
    ? 'at-once'
    : call.options.has('no-interval')
      ? 'no-interval'
      : 'as-written'
  const criticalAtOnce = call.options.has('critical-at-once')
  const taken = await api.client['routing.replace']({ body: { text, timing, criticalAtOnce } })
  for (const note of taken.notes) say(call, harmless(`Line ${note.line}: ${note.detail}`))
  say(call, `Version ${taken.version} decides from now on, ${taken.receivers.length} receivers.`)
  say(call, timingWords(taken))
  return exitCodes.ok
}

function timingWords({ timing, criticalAtOnce }: Pick<RoutingFile, 'timing' | 'criticalAtOnce'>): string {
  const words = {
    'as-written': 'Pages keep to group_wait, group_interval and repeat_interval',
    'no-interval': 'Pages keep to group_wait and repeat_interval; no first page waits a group_interval',
    'at-once': 'Pages wait for none of its timers',
  }[timing]
  return criticalAtOnce && timing !== 'at-once' ? `${words}; what is critical goes at once.` : `${words}.`
}

/** Which alerts each route has now, or what another file would have decided. */
export const routeTree: Run = async (call) => {
  const api = await openApi(call)
  const tree = await api.client['routing.tree']()
  await printListing(call, {
    rows: tree.routes,
    columns: [
      { header: 'LINE', of: (row) => String(row.line) },
      {
        header: 'ROUTE',
        of: (row) => `${'  '.repeat(row.depth)}${row.matchers.join(', ') || 'everything'}`,
        elastic: true,
      },
      { header: 'RECEIVER', of: (row) => row.receiver },
      { header: 'OPEN', of: (row) => String(row.open) },
      { header: 'HELD', of: (row) => String(row.held) },
      { header: 'GROUPS', of: (row) => String(row.groups) },
      { header: 'NOW', of: (row) => (row.sends ? (row.closed ?? 'tells') : 'tells nobody'), elastic: true },
    ],
    nameOf: (row) => `route/${row.line}`,
    none: 'No routing file was taken over.',
  })
  return exitCodes.ok
}

export const replayRoute: Run = async (call) => {
  const [file] = call.args
  const days = call.options.integer('days', 1, 90)
  const api = await openApi(call)
  const found = await api.client['routing.replay']({
    body: {
      ...(file === undefined ? {} : { text: await readGiven(call, file) }),
      ...(days === null ? {} : { days }),
    },
  })
  const fate = (of: { telling: readonly string[]; held: string | null }): string =>
    of.held ?? (of.telling.length === 0 ? 'by the policy of its service' : of.telling.join(', '))
  await printDetail(call, {
    title: `${found.newlyHeld} would no longer be told, ${found.newlyTold} would be, ${found.moved} by others`,
    facts: [
      ['Alerts', `${found.looked}${found.more ? ' (the newest; there were more)' : ''} since ${found.from}`],
      ['Told', `${found.toldBefore} as it is, ${found.toldAfter} by the other file`],
      ['Reach nobody', found.unreached === 0 ? null : String(found.unreached)],
    ],
    sections: [
      {
        title: 'Receivers',
        lines: found.receivers.map((each) => harmless(receiverLine(each))),
      },
      { title: 'Tells nobody', lines: found.notes.map(harmless) },
      {
        title: 'What changes',
        lines: found.examples.map((each) =>
          harmless(`${each.number}  ${each.severity}  ${each.title}: ${fate(each.before)} → ${fate(each.after)}`),
        ),
      },
    ],
    name: 'routing-replay',
    document: found,
  })
  return exitCodes.ok
}

function receiverLine(of: RoutingReplay['receivers'][number]): string {
  const routed = `${of.routedBefore} → ${of.routedAfter} alerts lead to it`
  return of.before + of.after === 0
    ? `${of.name}: tells nobody; ${routed}`
    : `${of.name}: tells of ${of.before} → ${of.after}; ${routed}`
}

export const showRoute: Run = async (call) => {
  const api = await openApi(call)
  const file = await api.client['routing.read']()
  await printDetail(call, {
    title: `Routing, version ${file.version}`,
    facts: [
      ['Receivers', file.receivers.map(harmless).join(', ')],
      ['Timers', timingWords(file)],
      ['Changed', `${harmless(file.changedBy)}, ${file.changedAt}`],
    ],
    sections: [
      { title: 'Not done from here', lines: file.notes.map((note) => harmless(`Line ${note.line}: ${note.detail}`)) },
      { title: 'File', lines: file.text.split('\n').map(harmless) },
    ],
    name: 'routing',
    document: file,
  })
  return exitCodes.ok
}

export const removeRoute: Run = async (call) => {
  const api = await openApi(call)
  await api.client['routing.remove']()
  say(call, 'The escalation policies of the services decide alone.')
  return exitCodes.ok
}

async function readGiven(call: Call, file: string): Promise<string> {
  return readFile(path.resolve(call.shell.folder, file), 'utf8').catch(() => {
    throw usageError(`There is no file ${file} that can be read.`, 'Name an alertmanager.yml.')
  })
}
