// Issues of GitHub and GitHub Enterprise as tickets (REST API, version 2022-11-28).
import { formatInstant } from '../../kernel/instant.ts'
import { hookJson, isHmacSigned } from '../../modules/tickets/hook-proof.ports.ts'
import { markdownOf, quiet } from '../../modules/tickets/plain-markdown.ports.ts'
import type { RemoteTicket, Tracker, TrackerOutcome, TrackerSettings } from '../../modules/tickets/tickets.ports.ts'
import {
  type Answered,
  acknowledged,
  callTracker,
  fieldsOf,
  issueNumber,
  readAnswer,
  sureThatGone,
  type TrackerCall,
  textOf,
} from '../../modules/tickets/tracker-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'

const title = 'GitHub'
const pages = 3
const perPage = 100

export function createGithubIssues(egress: Pick<Egress, 'request'>): Tracker {
  const call = (settings: TrackerSettings, method: TrackerCall['method'], path: string, body?: object) =>
    callTracker(egress, {
      tracker: 'github',
      title,
      method,
      url: `${settings.url}/repos/${settings.project}${path}`,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${settings.token}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body }),
    })
  const read = (outcome: TrackerOutcome<Answered>) => readAnswer(outcome, toTicket, title)
  return {
    name: 'github',
    title,
    speech: { names: { open: ['open'], done: ['completed'], dropped: ['not_planned', 'duplicate'] }, doing: false },
    prove: async (settings) => {
      if (!/^[\w.-]+\/[\w.-]+$/.test(settings.project))
        return { kind: 'refused', because: 'The project is written owner/repository.' }
      const asked = await call(settings, 'GET', '')
      if (asked.kind !== 'done') return asked
      const { id, full_name: name, has_issues: hasIssues } = fieldsOf(asked.value.json)
      if (hasIssues === false) return { kind: 'refused', because: `${textOf(name)} has no issues.` }
      return { kind: 'done', value: { shown: { repository: textOf(name) }, flavour: textOf(id) || null } }
    },
    create: async (settings, draft) =>
      read(await call(settings, 'POST', '/issues', { title: draft.title, body: markdownOf(draft) })),
    findByMark: async (settings, mark, since) => {
      const asked = new URLSearchParams({
        state: 'all',
        sort: 'created',
        direction: 'desc',
        since: formatInstant(since),
        per_page: String(perPage),
      })
      for (let page = 1; page <= pages; page += 1) {
        const listed = await call(settings, 'GET', `/issues?${asked}&page=${page}`)
        if (listed.kind !== 'done') return listed
        const issues = Array.isArray(listed.value.json) ? listed.value.json : []
        const found = issues.find((each) => !isPull(each) && textOf(fieldsOf(each).body).includes(mark))
        if (found !== undefined)
          return readAnswer({ kind: 'done', value: { status: 200, json: found } }, toTicket, title)
        if (issues.length < perPage) break
      }
      return { kind: 'done', value: null }
    },
    read: async (settings, ref) => {
      const asked = await call(settings, 'GET', `/issues/${ref}`)
      if (asked.kind === 'done' && isPull(asked.value.json))
        return { kind: 'refused', because: `#${ref} is a pull request, and work is planned in issues: unlink it.` }
      return sureThatGone(read(asked), () => call(settings, 'GET', ''))
    },
    move: async (settings, ref, { names }) => {
      const [name = ''] = names
      const body = changeTo(name)
      if (body === null) return { kind: 'refused', because: `GitHub has no state "${name}".` }
      const moved = await call(settings, 'PATCH', `/issues/${ref}`, body)
      return acknowledged(moved)
    },
    comment: async (settings, ref, text) => {
      const said = await call(settings, 'POST', `/issues/${ref}/comments`, { body: quiet(text) })
      return acknowledged(said)
    },
    refOf: ({ url, project }, written) => issueNumber(written, { site: siteOf(url), project }),
    readHook: (settings, request) => {
      const { hookSecret, project } = settings
      if (hookSecret === null || !isHmacSigned(request, 'x-hub-signature-256', hookSecret))
        return { kind: 'forged', because: 'The signature is wrong.' }
      const { issue, repository } = fieldsOf(hookJson(request.body))
      const isOurs = textOf(fieldsOf(repository).full_name).toLowerCase() === project.toLowerCase()
      const number = textOf(fieldsOf(issue).number)
      return { kind: 'about', ref: isOurs && number !== '' ? number : null, key: null }
    },
  }
}

/** Pull requests are issues in this API, and would be closed like them. */
const isPull = (json: unknown): boolean => fieldsOf(json).pull_request !== undefined

/** Of `https://api.github.com` and `https://ghe.example/api/v3`. */
const siteOf = (url: string): string => new URL(url).host.replace(/^api\./, '')

function changeTo(name: string): object | null {
  switch (name) {
    case 'open':
    case 'reopened':
      return { state: 'open' }
    case 'completed':
    case 'not_planned':
    case 'duplicate':
      return { state: 'closed', state_reason: name }
    default:
      return null
  }
}

function toTicket(json: unknown): RemoteTicket | null {
  const issue = fieldsOf(json)
  const { number, state } = issue
  if (typeof number !== 'number' || (state !== 'open' && state !== 'closed')) return null
  // Closed long ago, it has no reason.
  const stateName = state === 'open' ? 'open' : textOf(issue.state_reason) || 'completed'
  return {
    ref: String(number),
    key: `#${number}`,
    url: textOf(issue.html_url),
    title: textOf(issue.title),
    stateName,
    category: state === 'open' ? 'open' : 'done',
  }
}
