// GitHub's REST API for issues of one repository, with the shapes of its public documentation (2022-11-28).
import { createHmac } from 'node:crypto'
import { type Asked, type Json, type Said, type Stand, startStand } from './tracker-stand.ts'

export interface GithubIssue {
  readonly number: number
  title: string
  body: string
  state: 'open' | 'closed'
  state_reason: string | null
  readonly comments: string[]
  /** Pull requests are issues too. */
  readonly isPull?: boolean
}

export interface GithubStand extends Stand {
  readonly issues: GithubIssue[]
  readonly token: string
  /** A webhook as GitHub sends it. */
  hook(number: number, secret: string, action?: string): { headers: Record<string, string>; payload: string }
}

export async function startGithub(project = 'shop/checkout', token = 'ghp_test'): Promise<GithubStand> {
  const issues: GithubIssue[] = []
  const root = `/repos/${project}`
  const repository = { id: 1296269, full_name: project, private: true, has_issues: true }
  const shown = (issue: GithubIssue): Json => ({
    id: 1_000 + issue.number,
    node_id: 'MDU6SXNzdWUx',
    url: `https://api.github.com${root}/issues/${issue.number}`,
    html_url: `https://github.com/${project}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    state_reason: issue.state_reason,
    title: issue.title,
    body: issue.body,
    user: { login: 'mainstay-bot', id: 1, type: 'User' },
    labels: [],
    locked: false,
    comments: issue.comments.length,
    closed_at: null,
    created_at: '2026-03-02T09:00:00Z',
    updated_at: '2026-03-02T09:00:00Z',
    ...(issue.isPull === true ? { pull_request: { url: '' } } : {}),
  })
  const notFound: Said = {
    status: 404,
    body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
  }

  function answer({ method, path, headers, body, query }: Asked): Said {
    if (headers.authorization !== `Bearer ${token}`)
      return {
        status: 401,
        body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
      }
    if (headers['user-agent'] === undefined)
      return { status: 403, body: { message: 'Request forbidden by administrative rules.' } }
    if (path === root && method === 'GET') return { status: 200, body: repository }
    if (path === `${root}/issues` && method === 'POST') {
      const issue: GithubIssue = {
        number: issues.length + 1,
        title: String(body.title),
        body: String(body.body),
        state: 'open',
        state_reason: null,
        comments: [],
      }
      issues.push(issue)
      return { status: 201, body: shown(issue) }
    }
    if (path === `${root}/issues` && method === 'GET') {
      const from = (Number(query.get('page') ?? '1') - 1) * Number(query.get('per_page') ?? '30')
      const newest = [...issues].reverse().slice(from, from + Number(query.get('per_page') ?? '30'))
      return { status: 200, body: newest.map(shown) }
    }
    const [, number, rest] = /\/issues\/(\d+)(\/comments)?$/.exec(path) ?? []
    const issue = issues.find((each) => each.number === Number(number))
    if (issue === undefined) return notFound
    if (rest !== undefined && method === 'POST') {
      issue.comments.push(String(body.body))
      return { status: 201, body: { id: issue.comments.length, body: body.body } }
    }
    if (method === 'PATCH') {
      if (body.state === 'open') Object.assign(issue, { state: 'open', state_reason: 'reopened' })
      else if (body.state === 'closed')
        Object.assign(issue, { state: 'closed', state_reason: body.state_reason ?? 'completed' })
      else
        return {
          status: 422,
          body: { message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'state', code: 'invalid' }] },
        }
    }
    return { status: 200, body: shown(issue) }
  }

  const stand = await startStand(answer)
  return {
    ...stand,
    issues,
    token,
    hook: (number, secret, action = 'closed') => {
      const issue = issues.find((each) => each.number === number)
      const payload = JSON.stringify({
        action,
        issue: issue === undefined ? null : shown(issue),
        repository,
        sender: { login: 'ana' },
      })
      return {
        payload,
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'issues',
          'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
        },
      }
    },
  }
}
