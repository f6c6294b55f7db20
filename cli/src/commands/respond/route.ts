// The routing file of an Alertmanager: take it over, look at it, ask where an alert would go.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RoutingFile } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { lineOf, readLabels } from './explain.ts'

/** Exit 0 when somebody would be told; the file may be one that was not taken over yet. */
export const testRoute: Run = async (call) => {
  const file = call.options.text('file')
  const at = call.options.text('at')
  const api = await openApi(call)
  const found = await api.client['routing.test']({
    body: {
      labels: readLabels(call),
      ...(file === null ? {} : { text: await readGiven(call, file) }),
      ...(at === null ? {} : { at }),
    },
  })
  await printDetail(call, {
    title: found.receivers.map(harmless).join(', '),
    facts: [['Told', found.told ? 'yes' : 'nobody now']],
    sections: [{ title: 'Why', lines: found.trace.map(lineOf) }],
    name: 'route',
    document: found,
  })
  return exitCodes.ok
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
    none: 'No routes.',
  })
  return exitCodes.ok
}

export const replayRoute: Run = async (call) => {
  const [file] = call.args
  const days = call.options.text('days')
  const api = await openApi(call)
  const found = await api.client['routing.replay']({
    body: {
      ...(file === undefined ? {} : { text: await readGiven(call, file) }),
      ...(days === null ? {} : { days: Number(days) }),
    },
  })
  const fate = (of: { receivers: readonly string[]; held: string | null }): string =>
    of.held ?? (of.receivers.length === 0 ? 'told' : of.receivers.join(', '))
  await printDetail(call, {
    title: `${found.newlyHeld} would no longer be told, ${found.newlyTold} would be, ${found.moved} by others`,
    facts: [
      ['Alerts', `${found.looked}${found.more ? ' (the newest; there were more)' : ''} since ${found.from}`],
      ['Told', `${found.toldBefore} as it is, ${found.toldAfter} by the other file`],
    ],
    sections: [
      {
        title: 'Receivers',
        lines: found.receivers.map((each) => harmless(`${each.name}: ${each.before} → ${each.after}`)),
      },
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
