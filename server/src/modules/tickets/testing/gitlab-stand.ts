// GitLab's REST API v4 for issues of one project, with the shapes of its public documentation.
import { type Asked, type Json, type Said, type Stand, startStand } from './tracker-stand.ts'

export interface GitlabIssue {
  readonly iid: number
  readonly title: string
  readonly description: string
  state: 'opened' | 'closed'
  readonly notes: string[]
}

export interface GitlabStand extends Stand {
  readonly issues: GitlabIssue[]
  readonly token: string
  hook(iid: number): string
}

export async function startGitlab(project = 'shop/checkout', token = 'glpat-test'): Promise<GitlabStand> {
  const issues: GitlabIssue[] = []
  const root = `/api/v4/projects/${project.replace('/', '%2F')}`
  const shown = ({ iid, title, description, state }: GitlabIssue): Json => ({
    id: 80 + iid,
    iid,
    project_id: 4,
    title,
    description,
    state,
    web_url: `https://gitlab.example/${project}/-/issues/${iid}`,
    created_at: '2026-03-02T09:00:00.000Z',
    labels: [],
    author: { id: 1, username: 'mainstay', state: 'active' },
  })

  function answer({ method, path, headers, body }: Asked): Said {
    if (headers['private-token'] !== token) return { status: 401, body: { message: '401 Unauthorized' } }
    if (path === root) return { status: 200, body: { id: 4, path_with_namespace: project, issues_enabled: true } }
    if (path === `${root}/issues` && method === 'POST') {
      if (typeof body.title !== 'string') return { status: 400, body: { error: 'title is missing' } }
      const issue: GitlabIssue = {
        iid: issues.length + 1,
        title: body.title,
        description: String(body.description),
        state: 'opened',
        notes: [],
      }
      issues.push(issue)
      return { status: 201, body: shown(issue) }
    }
    if (path === `${root}/issues`) return { status: 200, body: [...issues].reverse().map(shown) }
    const [, iid, rest] = /\/issues\/(\d+)(\/notes)?$/.exec(path) ?? []
    const issue = issues.find((each) => each.iid === Number(iid))
    if (issue === undefined) return { status: 404, body: { message: '404 Issue Not Found' } }
    if (rest !== undefined) {
      issue.notes.push(String(body.body))
      return { status: 201, body: { id: issue.notes.length, body: body.body } }
    }
    if (method === 'PUT') issue.state = body.state_event === 'close' ? 'closed' : 'opened'
    return { status: 200, body: shown(issue) }
  }

  const stand = await startStand(answer)
  return {
    ...stand,
    issues,
    token,
    hook: (iid) =>
      JSON.stringify({
        object_kind: 'issue',
        event_type: 'issue',
        project: { id: 4, path_with_namespace: project },
        object_attributes: { id: 80 + iid, iid, state: 'closed', action: 'close' },
      }),
  }
}
