// Issues of Jira Cloud and Data Center as tickets (REST API v2, which both have; descriptions are wiki text there).

import type { TicketDraft, TicketState } from '../../modules/tickets/core/index.ts'
import { hookJson, isHmacSigned } from '../../modules/tickets/hook-proof.ports.ts'
import type { RemoteTicket, Tracker, TrackerOutcome, TrackerSettings } from '../../modules/tickets/tickets.ports.ts'
import {
  type Answered,
  acknowledged,
  bearerOrBasic,
  callTracker,
  fieldsOf,
  readAnswer,
  sureThatGone,
  type TrackerCall,
  textOf,
} from '../../modules/tickets/tracker-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'

const title = 'Jira'
const categories: Readonly<Record<string, TicketState>> = { new: 'open', indeterminate: 'doing', done: 'done' }

type Call = (
  settings: TrackerSettings,
  method: TrackerCall['method'],
  path: string,
  body?: object,
) => Promise<TrackerOutcome<Answered>>

export function createJiraIssues(egress: Pick<Egress, 'request'>): Tracker {
  const call: Call = (settings, method, path, body) =>
    callTracker(egress, {
      tracker: 'jira',
      title,
      method,
      url: `${settings.url}/rest/api/2${path}`,
      headers: { authorization: bearerOrBasic(settings) },
      ...(body === undefined ? {} : { body }),
    })
  return {
    name: 'jira',
    title,
    speech: { names: {}, doing: true },
    prove: (settings) => prove(call, settings),
    create: async (settings, draft) => {
      const fields = {
        project: { key: settings.project },
        issuetype: { name: settings.type ?? 'Task' },
        summary: draft.title,
        description: descriptionOf(draft),
        labels: [draft.mark],
      }
      const made = await call(settings, 'POST', '/issue', { fields })
      return readAnswer(made, (json) => newTicket(settings, json, draft.title), title)
    },
    findByMark: async (settings, mark) => {
      // Cloud took the old search away in 2025; Data Center has only that one.
      const path = settings.flavour === 'Cloud' ? '/search/jql' : '/search'
      const asked = new URLSearchParams({ jql: `labels = "${mark}"`, fields: 'summary,status', maxResults: '2' })
      const found = await call(settings, 'GET', `${path}?${asked}`)
      if (found.kind !== 'done') return found
      const { issues } = fieldsOf(found.value.json)
      const [first] = Array.isArray(issues) ? issues : []
      return { kind: 'done', value: first === undefined ? null : toTicket(settings, first) }
    },
    read: async (settings, ref) => {
      const asked = await call(settings, 'GET', `/issue/${ref}?fields=summary,status`)
      const read = readAnswer(asked, (json) => toTicket(settings, json), title)
      return sureThatGone(read, () => call(settings, 'GET', `/project/${encodeURIComponent(settings.project)}`))
    },
    move: (settings, ref, to) => transition(call, settings, ref, to),
    comment: async (settings, ref, text) => {
      const said = await call(settings, 'POST', `/issue/${ref}/comment`, { body: plain(text) })
      return acknowledged(said)
    },
    refOf: ({ url }, written) => {
      const text = written.trim()
      const [, base = '', key] =
        /^(?:(https?:\/\/\S{1,500})\/browse\/)?([a-z][a-z0-9_]{1,30}-\d{1,10})(?:[?#]\S*)?$/i.exec(text) ?? []
      // A key is one ticket wherever it is written; an address of another Jira is another ticket.
      return key === undefined || (base !== '' && base.toLowerCase() !== url.toLowerCase()) ? null : key.toUpperCase()
    },
    readHook: ({ hookSecret }, request) => {
      if (hookSecret === null || !isHmacSigned(request, 'x-hub-signature', hookSecret))
        return { kind: 'forged', because: 'The signature is wrong.' }
      const key = textOf(fieldsOf(fieldsOf(hookJson(request.body)).issue).key)
      return { kind: 'about', ref: key === '' ? null : key, key: key === '' ? null : key }
    },
  }
}

async function prove(
  call: Call,
  settings: TrackerSettings,
): Promise<TrackerOutcome<{ shown: { server: string; project: string; as: string }; flavour: string | null }>> {
  const server = await call(settings, 'GET', '/serverInfo')
  if (server.kind !== 'done') return server
  // Without a right, Jira shows serverInfo and hides the rest.
  const me = await call(settings, 'GET', '/myself')
  if (me.kind !== 'done') return me
  const asked = await call(settings, 'GET', `/project/${encodeURIComponent(settings.project)}`)
  if (asked.kind !== 'done') return asked
  const { deploymentType, version } = fieldsOf(server.value.json)
  const { key, name, issueTypes } = fieldsOf(asked.value.json)
  const types = (Array.isArray(issueTypes) ? issueTypes : []).map((each) => textOf(fieldsOf(each).name))
  const wanted = settings.type ?? 'Task'
  if (types.length > 0 && !types.includes(wanted))
    return {
      kind: 'refused',
      because: `${textOf(key)} has no issue type ${wanted}. It has ${types.slice(0, 20).join(', ')}.`,
    }
  const flavour = textOf(deploymentType) === 'Cloud' ? 'Cloud' : 'Data Center'
  return {
    kind: 'done',
    value: {
      shown: {
        server: `${flavour} ${textOf(version)}`.trim(),
        project: `${textOf(key)} ${textOf(name)}`.trim(),
        as: textOf(fieldsOf(me.value.json).displayName),
      },
      flavour,
    },
  }
}

async function transition(
  call: Call,
  settings: TrackerSettings,
  ref: string,
  { state, names }: { readonly state: TicketState; readonly names: readonly string[] },
): Promise<TrackerOutcome> {
  const listed = await call(settings, 'GET', `/issue/${ref}/transitions`)
  if (listed.kind !== 'done') return listed
  const { transitions } = fieldsOf(listed.value.json)
  const ways = (Array.isArray(transitions) ? transitions : []).map((each) => {
    const { id, name, to } = fieldsOf(each)
    const target = fieldsOf(to)
    return {
      id: textOf(id),
      name: textOf(name),
      to: textOf(target.name),
      category: textOf(fieldsOf(target.statusCategory).key),
    }
  })
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  const named = names.flatMap((name) => ways.filter((way) => same(way.to, name) || same(way.name, name)))[0]
  // Jira has no category for work that was given up: it is over.
  const wanted = state === 'dropped' ? 'done' : state
  const way = named ?? (names.length > 0 ? undefined : ways.find((each) => categories[each.category] === wanted))
  if (way === undefined) {
    const known = ways.map((each) => each.to).join(', ') || 'nowhere'
    return {
      kind: 'refused',
      because: `Jira's workflow leads ${ref} from where it is to ${known}, not to ${names[0] ?? wanted}. Name the state under Settings, Trackers, or move it there by hand.`,
    }
  }
  const moved = await call(settings, 'POST', `/issue/${ref}/transitions`, { transition: { id: way.id } })
  return acknowledged(moved)
}

/** Braces and brackets are markup in wiki text. */
const plain = (text: string): string => text.replace(/[{}[\]|]/g, '\\$&')

function descriptionOf({ lines, url }: TicketDraft): string {
  return [...lines.map((line) => `* ${plain(line)}`), '', `[Open in Mainstay|${url}]`].join('\n')
}

function newTicket(settings: TrackerSettings, json: unknown, summary: string): RemoteTicket | null {
  const key = textOf(fieldsOf(json).key)
  // How it stands is read next: a workflow may begin anywhere.
  return key === ''
    ? null
    : { ref: key, key, url: `${settings.url}/browse/${key}`, title: summary, stateName: '', category: 'open' }
}

function toTicket(settings: TrackerSettings, json: unknown): RemoteTicket | null {
  const { key, fields } = fieldsOf(json)
  const { summary, status } = fieldsOf(fields)
  const { name, statusCategory } = fieldsOf(status)
  if (typeof key !== 'string' || typeof name !== 'string') return null
  return {
    ref: key,
    key,
    url: `${settings.url}/browse/${key}`,
    title: textOf(summary),
    stateName: name,
    category: categories[textOf(fieldsOf(statusCategory).key)] ?? null,
  }
}
