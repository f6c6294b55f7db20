// Reads an alertmanager.yml for its routing: the tree, receivers by name, inhibition, time intervals. What says how to
// send is only named. What cannot be kept is refused with its line, never left out in silence.
// Source: Alertmanager's configuration reference; behaviour of 0.25 to 0.34.
import { LineCounter, type Node, parseDocument } from 'yaml'
import type { InhibitRule, Receiver, Route, Routing } from '../../modules/alerts/core/index.ts'
import { Block, type ConfigFault, Faults } from './config-block.ts'
import { readIntervals } from './read-intervals.ts'
import { readMatcherFields } from './read-matcher-fields.ts'
import { redactConfig } from './redact-config.ts'

export type ConfigReading =
  | { readonly ok: true; readonly routing: Routing; readonly notes: readonly ConfigFault[]; readonly redacted: string }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }

const longest = 1024 * 1024
const deepest = 50
const defaults = { waitMs: 30_000, intervalMs: 300_000, repeatMs: 4 * 3_600_000 } as const
const topLevel = [
  ...['global', 'route', 'receivers', 'inhibit_rules', 'templates'],
  ...['time_intervals', 'mute_time_intervals', 'tracing', 'event_recorder'],
]

export function readConfig(text: string): ConfigReading {
  if (text.length > longest) return refuse(1, 'The file is larger than 1 MiB.')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: true })
  const [broken] = document.errors
  if (broken !== undefined) return refuse(broken.linePos?.[0].line ?? 1, broken.message.split('\n')[0] ?? 'Not YAML.')
  const faults = new Faults()
  const root = new Block(document.contents as Node | null, document, lines, faults, 'the file')
  if (!root.isMap) return refuse(1, 'The file holds no settings.')
  root.allow(topLevel)
  const intervals = readIntervals([...root.list('time_intervals'), ...root.list('mute_time_intervals')])
  const notes: ConfigFault[] = []
  const receivers = root.list('receivers').map((each) => readReceiver(each, notes))
  for (const [index, { name }] of receivers.entries())
    if (receivers.findIndex((each) => each.name === name) !== index)
      root.fault(`The receiver ${name} is declared twice.`)
  const route = root.block('route')
  if (route === null) return refuse(1, 'There is no route.', faults.all)
  for (const key of ['match', 'match_re', 'matchers', 'continue', 'mute_time_intervals', 'active_time_intervals'])
    if (route.has(key)) route.fault(`The first route takes everything: it has no ${key}.`, key)
  const known = { receivers: new Set(receivers.map((each) => each.name)), intervals: new Set(intervals.keys()) }
  const tree = readRoute(route, null, known, 0)
  const inhibitions = root.list('inhibit_rules').map(readInhibition)
  if (faults.all.length > 0) return { ok: false, faults: faults.all }
  return { ok: true, routing: { root: tree, receivers, inhibitions, intervals }, notes, redacted: redactConfig(text) }
}

function refuse(line: number, detail: string, before: readonly ConfigFault[] = []): ConfigReading {
  return { ok: false, faults: [...before, { line, detail }] }
}

function readReceiver(block: Block, notes: ConfigFault[]): Receiver {
  const name = block.text('name') ?? ''
  if (name === '') block.fault('A receiver has a name.')
  const sendsBy = block.keys.filter((key) => key.endsWith('_configs') && block.list(key).length > 0)
  for (const key of block.keys)
    if (!['name', 'labels'].includes(key) && !/^[a-z]+_configs$/.test(key))
      block.fault(`A receiver has no field ${key}.`, key)
  for (const kind of sendsBy)
    notes.push({
      line: block.lineOf(kind),
      detail: `${name}: ${kind} is not sent from here; whoever the escalation policy names is paged.`,
    })
  return { name, sendsBy }
}

interface Known {
  readonly receivers: ReadonlySet<string>
  readonly intervals: ReadonlySet<string>
}

const routeFields = [
  ...['receiver', 'group_by', 'group_wait', 'group_interval', 'repeat_interval', 'match', 'match_re', 'matchers'],
  ...['continue', 'routes', 'mute_time_intervals', 'active_time_intervals', 'labels'],
]

function readRoute(block: Block, parent: Route | null, known: Known, depth: number): Route {
  block.allow(routeFields)
  if (depth > deepest) block.fault(`Routes are nested more than ${deepest} deep.`)
  const receiver = block.text('receiver') ?? parent?.receiver ?? ''
  if (receiver === '') block.fault('The first route names a receiver.')
  else if (!known.receivers.has(receiver)) block.fault(`There is no receiver ${receiver}.`, 'receiver')
  const intervalsOf = (key: string) => {
    const names = block.texts(key)
    for (const name of names) if (!known.intervals.has(name)) block.fault(`There is no time interval ${name}.`, key)
    return names
  }
  const groupBy = block.has('group_by') ? readGroupBy(block) : (parent?.groupBy ?? [])
  const own: Route = {
    receiver,
    matchers: readMatcherFields(block, { list: 'matchers', equal: 'match', pattern: 'match_re' }),
    groupBy,
    groupWaitMs: block.duration('group_wait') ?? parent?.groupWaitMs ?? defaults.waitMs,
    groupIntervalMs: block.duration('group_interval') ?? parent?.groupIntervalMs ?? defaults.intervalMs,
    repeatIntervalMs: block.duration('repeat_interval') ?? parent?.repeatIntervalMs ?? defaults.repeatMs,
    muteIn: intervalsOf('mute_time_intervals'),
    activeIn: intervalsOf('active_time_intervals'),
    continues: block.flag('continue'),
    routes: [],
    line: block.line,
  }
  if (own.groupIntervalMs === 0) block.fault('group_interval cannot be nothing.', 'group_interval')
  if (own.repeatIntervalMs === 0) block.fault('repeat_interval cannot be nothing.', 'repeat_interval')
  if (depth > deepest) return own
  return { ...own, routes: block.list('routes').map((each) => readRoute(each, own, known, depth + 1)) }
}

function readGroupBy(block: Block): readonly string[] | 'all' {
  const names = block.texts('group_by')
  if (new Set(names).size < names.length) block.fault('group_by names a label twice.', 'group_by')
  if (!names.includes('...')) return names
  if (names.length > 1) block.fault("'...' groups by all labels and stands alone.", 'group_by')
  return 'all'
}

function readInhibition(block: Block): InhibitRule {
  block.allow([
    ...['source_match', 'source_match_re', 'source_matchers', 'target_match', 'target_match_re', 'target_matchers'],
    ...['equal', 'name'],
  ])
  const side = (of: 'source' | 'target') =>
    readMatcherFields(block, { list: `${of}_matchers`, equal: `${of}_match`, pattern: `${of}_match_re` })
  return { source: side('source'), target: side('target'), equal: block.texts('equal'), line: block.line }
}
