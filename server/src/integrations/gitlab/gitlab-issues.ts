// Issues of GitLab, on gitlab.com or self-managed, as tickets (REST API v4).
import { formatInstant } from '../../kernel/instant.ts'
import { carriesSecret, hookJson, isStandardSigned } from '../../modules/tickets/hook-proof.ports.ts'
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

const title = 'GitLab'

export function createGitlabIssues(egress: Pick<Egress, 'request'>): Tracker {
  const call = (settings: TrackerSettings, method: TrackerCall['method'], path: string, body?: object) =>
    callTracker(egress, {
      tracker: 'gitlab',
      title,
      method,
      url: `${settings.url}/api/v4/projects/${encodeURIComponent(settings.project)}${path}`,
      headers: { 'private-token': settings.token },
      ...(body === undefined ? {} : { body }),
    })
  const read = (outcome: TrackerOutcome<Answered>) => readAnswer(outcome, toTicket, title)
  return {
    name: 'gitlab',
    title,
    speech: { names: { open: ['opened'], done: ['closed'] }, doing: false },
    prove: async (settings) => {
      const asked = await call(settings, 'GET', '')
      if (asked.kind !== 'done') return asked
      const { id, path_with_namespace: path, issues_enabled: enabled } = fieldsOf(asked.value.json)
      if (enabled === false) return { kind: 'refused', because: `${textOf(path)} has no issues.` }
      return { kind: 'done', value: { shown: { project: textOf(path) }, flavour: textOf(id) || null } }
    },
    create: async (settings, draft) =>
      read(await call(settings, 'POST', '/issues', { title: draft.title, description: markdownOf(draft) })),
    findByMark: async (settings, mark, since) => {
      const asked = new URLSearchParams({
        scope: 'all',
        created_after: formatInstant(since),
        order_by: 'created_at',
        sort: 'desc',
        per_page: '100',
      })
      const listed = await call(settings, 'GET', `/issues?${asked}`)
      if (listed.kind !== 'done') return listed
      const issues = Array.isArray(listed.value.json) ? listed.value.json : []
      const found = issues.find((each) => textOf(fieldsOf(each).description).includes(mark))
      if (found === undefined) return { kind: 'done', value: null }
      return readAnswer({ kind: 'done', value: { status: 200, json: found } }, toTicket, title)
    },
    read: async (settings, ref) =>
      sureThatGone(read(await call(settings, 'GET', `/issues/${ref}`)), () => call(settings, 'GET', '')),
    move: async (settings, ref, { names }) => {
      const event = names[0] === 'opened' ? 'reopen' : names[0] === 'closed' ? 'close' : null
      if (event === null) return { kind: 'refused', because: `GitLab has no state "${names[0] ?? ''}".` }
      const moved = await call(settings, 'PUT', `/issues/${ref}`, { state_event: event })
      return acknowledged(moved)
    },
    comment: async (settings, ref, text) => {
      const said = await call(settings, 'POST', `/issues/${ref}/notes`, { body: quiet(text) })
      return acknowledged(said)
    },
    refOf: ({ url, project }, written) => issueNumber(written, { site: url.replace(/^https?:\/\//i, ''), project }),
    readHook: (settings, request) => {
      const { hookSecret } = settings
      if (
        hookSecret === null ||
        !(carriesSecret(request, 'x-gitlab-token', hookSecret) || isStandardSigned(request, hookSecret))
      )
        return { kind: 'forged', because: 'The secret token is wrong.' }
      const { object_attributes: issue, project } = fieldsOf(hookJson(request.body))
      const { path_with_namespace: path, id } = fieldsOf(project)
      const isOurs = [textOf(path).toLowerCase(), textOf(id)].includes(settings.project.toLowerCase())
      const iid = textOf(fieldsOf(issue).iid)
      return { kind: 'about', ref: isOurs && iid !== '' ? iid : null, key: null }
    },
  }
}

function toTicket(json: unknown): RemoteTicket | null {
  const { iid, state, web_url: url, title: said } = fieldsOf(json)
  if (typeof iid !== 'number' || (state !== 'opened' && state !== 'closed')) return null
  return {
    ref: String(iid),
    key: `#${iid}`,
    url: textOf(url),
    title: textOf(said),
    stateName: state,
    category: state === 'opened' ? 'open' : 'done',
  }
}
