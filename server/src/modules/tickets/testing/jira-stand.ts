// Jira's REST API v2 for one project with a small workflow, Cloud or Data Center, with the shapes of its public documentation.
import { createHmac } from 'node:crypto'
import { type Asked, type Json, type Said, type Stand, startStand } from './tracker-stand.ts'

export interface JiraIssue {
  readonly key: string
  readonly fields: Json
  status: string
  readonly comments: string[]
}

export interface JiraStand extends Stand {
  readonly issues: JiraIssue[]
  readonly user: string
  readonly token: string
  hook(key: string, secret: string): { headers: Record<string, string>; payload: string }
}

const statuses: Readonly<Record<string, { readonly id: string; readonly category: string }>> = {
  'To Do': { id: '10000', category: 'new' },
  'In Progress': { id: '3', category: 'indeterminate' },
  Done: { id: '10001', category: 'done' },
  "Won't Do": { id: '10002', category: 'done' },
}

export async function startJira(deployment: 'Cloud' | 'Server' = 'Cloud', project = 'OPS'): Promise<JiraStand> {
  const issues: JiraIssue[] = []
  const [user, token] = ['ana@shop.example', 'api-token']
  const expected =
    deployment === 'Cloud' ? `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` : `Bearer ${token}`
  const statusOf = (name: string): Json => {
    const { id, category } = statuses[name] ?? { id: '', category: 'undefined' }
    return { self: '', description: '', name, id, statusCategory: { id: 2, key: category, name: category } }
  }
  const shown = (issue: JiraIssue): Json => ({
    expand: '',
    id: `1000${issues.indexOf(issue)}`,
    key: issue.key,
    self: '',
    fields: { summary: issue.fields.summary, status: statusOf(issue.status) },
  })

  function answer({ method, path, headers, body, query }: Asked): Said {
    const at = path.replace('/rest/api/2', '')
    if (at === '/serverInfo')
      return { status: 200, body: { baseUrl: 'https://jira.example', version: '1001.0.0', deploymentType: deployment } }
    if (headers.authorization !== expected)
      return { status: 401, body: { message: 'Client must be authenticated to access this resource.' } }
    if (at === '/myself') return { status: 200, body: { displayName: 'Ana Ruiz', active: true } }
    if (at === `/project/${project}`)
      return {
        status: 200,
        body: { key: project, name: 'Operations', issueTypes: [{ name: 'Task' }, { name: 'Bug' }] },
      }
    if (at === '/issue' && method === 'POST') return create(body)
    if (at === (deployment === 'Cloud' ? '/search/jql' : '/search')) {
      const label = /^labels = "([^"]+)"$/.exec(query.get('jql') ?? '')?.[1] ?? ''
      const found = issues.filter((each) => (each.fields.labels as string[]).includes(label))
      return { status: 200, body: { issues: found.map(shown), isLast: true } }
    }
    if (at === '/search' || at === '/search/jql')
      return {
        status: 410,
        body: { errorMessages: ['The requested API has been removed. Please migrate.'], errors: {} },
      }
    const [, key, rest] = /^\/issue\/([A-Z]+-\d+)(\/transitions|\/comment)?$/.exec(at) ?? []
    const issue = issues.find((each) => each.key === key)
    if (issue === undefined)
      return {
        status: 404,
        body: { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} },
      }
    if (rest === '/comment') {
      issue.comments.push(String(body.body))
      return { status: 201, body: { id: '1', body: body.body } }
    }
    if (rest === '/transitions' && method === 'GET') {
      const ways = Object.keys(statuses).filter((name) => name !== issue.status)
      return {
        status: 200,
        body: {
          expand: 'transitions',
          transitions: ways.map((name, index) => ({ id: String(11 + index), name: `To ${name}`, to: statusOf(name) })),
        },
      }
    }
    if (rest === '/transitions') {
      const ways = Object.keys(statuses).filter((name) => name !== issue.status)
      const chosen = ways[Number((body.transition as Json | undefined)?.id) - 11]
      if (chosen === undefined)
        return { status: 400, body: { errorMessages: ['It is not a valid transition.'], errors: {} } }
      issue.status = chosen
      return { status: 204 }
    }
    return { status: 200, body: shown(issue) }
  }

  function create(body: Json): Said {
    const fields = body.fields as Json
    const type = (fields.issuetype as Json).name
    if (type !== 'Task' && type !== 'Bug')
      return { status: 400, body: { errorMessages: [], errors: { issuetype: 'Specify a valid issue type' } } }
    const issue: JiraIssue = { key: `${project}-${issues.length + 1}`, fields, status: 'To Do', comments: [] }
    issues.push(issue)
    return { status: 201, body: { id: '10000', key: issue.key, self: '' } }
  }

  const stand = await startStand(answer)
  return {
    ...stand,
    issues,
    user,
    token,
    hook: (key, secret) => {
      const issue = issues.find((each) => each.key === key)
      const payload = JSON.stringify({
        timestamp: 1_772_000_000_000,
        webhookEvent: 'jira:issue_updated',
        issue_event_type_name: 'issue_generic',
        issue: issue === undefined ? null : shown(issue),
      })
      return {
        payload,
        headers: {
          'content-type': 'application/json',
          'x-hub-signature': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
        },
      }
    },
  }
}
