// Tickets at trackers outside, and the trackers themselves.
import type { Command } from '../../line/command.ts'

const tracker = {
  name: 'tracker',
  value: 'NAME',
  summary: 'The connection, as `tracker list` names it; needed when there are several.',
} as const
const action = {
  name: 'action',
  value: 'NUMBER',
  summary: 'About this corrective action instead of an incident.',
} as const
const oneTicket = [{ name: 'TICKET', required: true }] as const

export const ticketCommands: readonly Command[] = [
  {
    words: ['ticket', 'list'],
    group: 'respond',
    summary: 'Tickets of incidents and actions, and what about them needs somebody',
    examples: [
      { line: 'mainstay ticket list 7', meaning: 'of incident 7 and its actions' },
      { line: 'mainstay ticket list --attention', meaning: 'conflicts, refusals, and what does not follow' },
    ],
    arguments: [{ name: 'INCIDENT', required: false }],
    options: [
      { name: 'attention', summary: 'Only those somebody should look at.' },
      { name: 'tracker', value: 'NAME', summary: 'Only at this one.' },
      { name: 'limit', value: 'N', summary: 'At most so many rows (default 100).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./tickets.ts')).listTickets,
  },
  {
    words: ['ticket', 'open'],
    group: 'respond',
    summary: 'Open a ticket for an incident or a corrective action; asked again, the one that is there answers',
    examples: [
      { line: 'mainstay ticket open 7', meaning: 'for incident 7, at the only tracker' },
      { line: 'mainstay ticket open --action 3 --tracker ops', meaning: 'for an action' },
    ],
    arguments: [{ name: 'INCIDENT', required: false }],
    options: [action, tracker, { name: 'title', value: 'TEXT', summary: 'Instead of the one it has here.' }],
    server: true,
    load: async () => (await import('./tickets.ts')).openTicket,
  },
  {
    words: ['ticket', 'link'],
    group: 'respond',
    summary: 'Look after a ticket that is there already',
    examples: [
      { line: 'mainstay ticket link OPS-12 7 --tracker ops', meaning: 'OPS-12 goes with incident 7 from now on' },
    ],
    arguments: [...oneTicket, { name: 'INCIDENT', required: false }],
    options: [action, tracker],
    server: true,
    load: async () => (await import('./tickets.ts')).linkTicket,
  },
  {
    words: ['ticket', 'unlink'],
    group: 'respond',
    summary: 'Look after a ticket no longer; nothing changes at the tracker',
    examples: [{ line: 'mainstay ticket unlink OPS-12', meaning: 'by its key, or by its id here' }],
    arguments: oneTicket,
    options: [tracker],
    server: true,
    load: async () => (await import('./tickets.ts')).unlinkTicket,
  },
  {
    words: ['ticket', 'settle'],
    group: 'respond',
    summary: 'Decide a conflict: which side counts from now on',
    examples: [{ line: 'mainstay ticket settle OPS-12 --take ours', meaning: 'the tracker is told' }],
    arguments: oneTicket,
    options: [{ name: 'take', value: 'SIDE', choices: ['ours', 'theirs'], summary: 'ours or theirs.' }, tracker],
    server: true,
    load: async () => (await import('./tickets.ts')).settleTicket,
  },
  {
    words: ['tracker', 'list'],
    group: 'respond',
    summary: 'The trackers tickets are opened at, and how they are doing',
    examples: [{ line: 'mainstay tracker list', meaning: 'ends with 1 while one is away' }],
    server: true,
    data: true,
    load: async () => (await import('./trackers.ts')).listTrackers,
  },
  {
    words: ['tracker', 'connect'],
    group: 'respond',
    summary: 'Connect GitHub, GitLab, Jira or ServiceNow; it is asked first whether the token works',
    examples: [
      {
        line: 'mainstay tracker connect code --kind github --address https://api.github.com --project shop/checkout --secret-file token.txt',
        meaning: 'issues of one repository',
      },
      {
        line: 'mainstay tracker connect ops --kind jira --address https://shop.atlassian.net --project OPS --user ana@shop.example --secret-file -',
        meaning: 'the token from stdin',
      },
    ],
    arguments: [{ name: 'NAME', required: true }],
    options: [
      { name: 'kind', value: 'KIND', choices: ['github', 'gitlab', 'jira', 'servicenow'], summary: 'Which one it is.' },
      { name: 'address', value: 'URL', summary: 'Of its API.' },
      { name: 'project', value: 'PROJECT', summary: 'owner/repository, GitLab path, Jira key, ServiceNow group or -.' },
      { name: 'user', value: 'USER', summary: 'Jira Cloud: e-mail address. ServiceNow: user.' },
      { name: 'type', value: 'TYPE', summary: 'Jira: issue type. ServiceNow: table.' },
      {
        name: 'secret-file',
        value: 'FILE',
        completes: 'file',
        summary: 'Holds the token; - is stdin. The kept one stays without it.',
      },
      {
        name: 'hook-secret-file',
        value: 'FILE',
        completes: 'file',
        summary: 'Holds what the tracker signs its calls with.',
      },
    ],
    server: true,
    load: async () => (await import('./trackers.ts')).connectTracker,
  },
  {
    words: ['tracker', 'test'],
    group: 'respond',
    summary: 'Ask a tracker now whether it answers, takes the token and shows the project',
    examples: [{ line: 'mainstay tracker test ops', meaning: 'ends with 1 when it does not' }],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    load: async () => (await import('./trackers.ts')).testTracker,
  },
  {
    words: ['tracker', 'remove'],
    group: 'respond',
    summary: 'Forget a tracker and its secrets; its tickets stay there',
    examples: [{ line: 'mainstay tracker remove ops', meaning: 'tickets are looked after no longer' }],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    load: async () => (await import('./trackers.ts')).removeTracker,
  },
]
