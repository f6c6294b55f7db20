// What a responder does: take alerts, see who is on call, run an incident.
import type { Command, Option } from '../../line/command.ts'
import { healthCommands } from './health.table.ts'
import { routingCommands } from './routing.table.ts'
import { ratings } from './rules.table.ts'
import { scheduleCommands } from './schedule.table.ts'

const all: Option = { name: 'all', short: 'a', summary: 'Those that are over as well.' }
const limit: Option = { name: 'limit', value: 'N', summary: 'Rows at most (default 100).' }
const ofService: Option = { name: 'service', value: 'SERVICE', summary: 'Of this service.' }
const note: Option = { name: 'note', value: 'TEXT', summary: 'Goes into the timeline.' }
const alerts = [{ name: 'ALERT', required: true, repeat: true, completes: 'alert' }] as const
const oneAlert = [{ name: 'ALERT', required: true, completes: 'alert' }] as const
const oneIncident = [{ name: 'INCIDENT', required: true }] as const

const alertCommands: readonly Command[] = [
  {
    words: ['ack'],
    group: 'respond',
    summary: 'Take alerts: paging stops',
    examples: [
      { line: 'mainstay ack 42', meaning: 'by its number' },
      { line: 'mainstay ack 42 43 44', meaning: 'several; exit 8 when some were refused' },
      { line: 'mainstay ack 42 --noise', meaning: 'and say that it was not worth it' },
    ],
    arguments: alerts,
    options: ratings,
    server: true,
    load: async () => (await import('./alerts.ts')).acknowledge,
  },
  {
    words: ['alerts', 'list'],
    group: 'respond',
    summary: 'Open alerts, newest first',
    examples: [
      { line: 'mainstay alerts list', meaning: 'what is open' },
      { line: 'mainstay alerts list --severity critical --service checkout', meaning: 'some of them' },
      { line: 'mainstay alerts list --all -o jsonl', meaning: 'everything, for a script' },
    ],
    options: [
      all,
      {
        name: 'status',
        value: 'STATUS',
        choices: ['open', 'firing', 'acknowledged', 'snoozed', 'resolved'],
        summary: 'open (the default), firing, acknowledged, snoozed or resolved.',
      },
      {
        name: 'severity',
        value: 'SEVERITY',
        choices: ['critical', 'warning', 'info'],
        summary: 'critical, warning or info.',
      },
      ofService,
      { name: 'team', value: 'TEAM', summary: 'Of this team.' },
      { name: 'search', short: 's', value: 'TEXT', summary: 'With this text.' },
      limit,
    ],
    server: true,
    data: true,
    load: async () => (await import('./alerts.ts')).listAlerts,
  },
  {
    words: ['alerts', 'show'],
    group: 'respond',
    summary: 'One alert: why it is one, and who was paged',
    examples: [{ line: 'mainstay alerts show 42', meaning: 'by its number' }],
    arguments: oneAlert,
    server: true,
    data: true,
    load: async () => (await import('./alerts.ts')).showAlert,
  },
  {
    words: ['alerts', 'ack'],
    group: 'respond',
    summary: 'The same as `mainstay ack`',
    examples: [{ line: 'mainstay alerts ack 42', meaning: 'paging stops' }],
    arguments: alerts,
    options: ratings,
    server: true,
    load: async () => (await import('./alerts.ts')).acknowledge,
  },
  {
    words: ['alerts', 'unack'],
    group: 'respond',
    summary: 'Give alerts back: paging goes on',
    examples: [{ line: 'mainstay alerts unack 42', meaning: 'somebody else is asked' }],
    arguments: alerts,
    server: true,
    load: async () => (await import('./alerts.ts')).unacknowledge,
  },
  {
    words: ['alerts', 'snooze'],
    group: 'respond',
    summary: 'Leave alerts until later',
    examples: [{ line: 'mainstay alerts snooze 42 --for 30m', meaning: 'paging starts again by itself' }],
    arguments: alerts,
    options: [{ name: 'for', value: 'DURATION', summary: 'One minute to seven days: 30m, 2h.' }],
    server: true,
    load: async () => (await import('./alerts.ts')).snooze,
  },
  {
    words: ['alerts', 'resolve'],
    group: 'respond',
    summary: 'Close alerts by hand',
    examples: [{ line: 'mainstay alerts resolve 42 --note "disk replaced"', meaning: 'with a note' }],
    arguments: alerts,
    options: [{ ...note, summary: 'Why (for one alert).' }, ...ratings],
    server: true,
    load: async () => (await import('./alerts.ts')).resolve,
  },
  {
    words: ['alerts', 'reapply'],
    group: 'respond',
    summary: 'Take an edited escalation policy over for pages under way',
    examples: [
      { line: 'mainstay alerts reapply 42 --dry-run', meaning: 'who would be paged now, and when the next step is' },
      { line: 'mainstay alerts reapply 42', meaning: 'whom the edit adds is paged, nobody is paged again' },
    ],
    arguments: alerts,
    options: [{ name: 'dry-run', summary: 'Say what would be done, and do nothing.' }],
    server: true,
    load: async () => (await import('./reapply.ts')).reapply,
  },
  {
    words: ['alerts', 'send'],
    group: 'respond',
    summary: 'Report a problem or its end, from a script',
    examples: [
      {
        line: 'mainstay alerts send "Backup of orders failed" --service orders --severity critical --key backup-orders',
        meaning: 'opens an alert, or refreshes it',
      },
      { line: 'mainstay alerts send "Backup is fine again" --key backup-orders --resolved', meaning: 'ends it' },
    ],
    arguments: [{ name: 'SUMMARY', required: true, repeat: true }],
    options: [
      {
        name: 'key',
        value: 'KEY',
        summary: 'Your name for the problem; the same key is the same alert while it is open.',
      },
      ofService,
      { name: 'severity', value: 'SEVERITY', summary: 'critical, error, warning, info, P1 to P5.' },
      {
        name: 'label',
        value: 'NAME=VALUE',
        repeat: true,
        summary: 'For routing and silences; several times for several.',
      },
      { name: 'source', value: 'SOURCE', summary: 'Who reports (default cli).' },
      { name: 'resolved', summary: 'The problem is over.' },
    ],
    server: true,
    load: async () => (await import('./send-alert.ts')).sendAlert,
  },
  {
    words: ['silences', 'list'],
    group: 'respond',
    summary: 'Silences that are active or pending',
    examples: [{ line: 'mainstay silences list', meaning: 'what nobody is paged for' }],
    server: true,
    data: true,
    load: async () => (await import('./silences.ts')).listSilences,
  },
  {
    words: ['silences', 'create'],
    group: 'respond',
    summary: 'Hold back pages of matching alerts for a while',
    examples: [
      {
        line: 'mainstay silences create service=cart alertname=~Disk.* --for 2h --reason "disk is being replaced"',
        meaning: 'every matcher must hold',
      },
    ],
    arguments: [{ name: 'MATCHER', required: true, repeat: true }],
    options: [
      { name: 'for', value: 'DURATION', summary: 'How long: 2h. A silence always ends.' },
      { name: 'reason', value: 'TEXT', summary: 'Why; everybody can read it.' },
      { name: 'preview', summary: 'Only say what it would hide now, and would have hidden in the last 30 days.' },
      { name: 'incident', value: 'INCIDENT', summary: 'It also ends when this incident is resolved.' },
      { name: 'ticket', value: 'TICKET', summary: 'It also ends when this ticket is closed at its tracker.' },
      { name: 'change', value: 'SERVICE', summary: 'It also ends with the next change of this service.' },
      {
        name: 'rate',
        value: 'ALERTS/TIME',
        summary: 'It also ends when more than these begin under it: 5/10m.',
      },
    ],
    server: true,
    load: async () => (await import('./silences.ts')).createSilence,
  },
  {
    words: ['silences', 'end'],
    group: 'respond',
    summary: 'End silences now',
    examples: [{ line: 'mainstay silences end 0199c1f0-…', meaning: 'by id, from `silences list`' }],
    arguments: [{ name: 'ID', required: true, repeat: true }],
    server: true,
    load: async () => (await import('./silences.ts')).endSilence,
  },
]

const oncallCommands: readonly Command[] = [
  {
    words: ['oncall', 'now'],
    group: 'respond',
    summary: 'Who is on call, and until when',
    examples: [
      { line: 'mainstay oncall now', meaning: 'for every schedule' },
      { line: 'mainstay oncall now --at 2026-12-24T20:00:00+01:00', meaning: 'at another time, also one that is over' },
    ],
    options: [{ name: 'at', value: 'TIME', summary: 'Who is, or was, on call then.' }],
    server: true,
    data: true,
    load: async () => (await import('./oncall.ts')).onCallNow,
  },
  {
    words: ['oncall', 'simulate'],
    group: 'respond',
    summary: 'Who would be paged, when and how',
    examples: [
      { line: 'mainstay oncall simulate shop-on-call', meaning: 'if it fired now' },
      { line: 'mainstay oncall simulate shop-on-call --at 2026-03-29T03:00:00+02:00', meaning: 'on that night' },
    ],
    arguments: [{ name: 'POLICY', required: true }],
    options: [
      { name: 'at', value: 'TIME', summary: 'When it fires (default now).' },
      { name: 'urgency', value: 'URGENCY', choices: ['high', 'low'], summary: 'high (the default) or low.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./oncall.ts')).simulate,
  },
]

const moves = [
  ['activate', 'Confirm that it is one', 'activate'],
  ['mitigate', 'Users are no longer hurt', 'mitigate'],
  ['resolve', 'The work is over', 'resolve'],
] as const

const incidentCommands: readonly Command[] = [
  {
    words: ['incident', 'list'],
    group: 'respond',
    summary: 'Incidents, newest first; open ones unless said',
    examples: [
      { line: 'mainstay incident list --all', meaning: 'those that are over as well' },
      { line: 'mainstay incident list --status over --severity SEV1', meaning: 'what a review looks at' },
    ],
    options: [
      all,
      ofService,
      {
        name: 'status',
        value: 'STATUS',
        choices: ['open', 'over', 'planned', 'triage', 'active', 'mitigated', 'resolved', 'reviewed'],
        summary: 'open (the default), over, or one phase.',
      },
      { name: 'severity', value: 'SEV', choices: ['SEV1', 'SEV2', 'SEV3', 'SEV4'], summary: 'Only of this severity.' },
      {
        name: 'kind',
        value: 'KIND',
        choices: ['normal', 'security', 'drill', 'backfilled', 'scheduled'],
        summary: 'Only of this kind.',
      },
      limit,
    ],
    server: true,
    data: true,
    load: async () => (await import('./incidents.ts')).listIncidents,
  },
  {
    words: ['incident', 'show'],
    group: 'respond',
    summary: 'One incident with its timeline',
    examples: [{ line: 'mainstay incident show 7', meaning: 'by its number' }],
    arguments: oneIncident,
    server: true,
    data: true,
    load: async () => (await import('./incidents.ts')).showIncident,
  },
  {
    words: ['incident', 'declare'],
    group: 'respond',
    summary: 'Declare an incident; a sentence is enough',
    examples: [
      { line: 'mainstay incident declare "Checkout fails for everyone"', meaning: 'severity is proposed' },
      {
        line: 'mainstay incident declare "Checkout fails" --severity SEV1 --service checkout --alert 42',
        meaning: 'with what is known',
      },
    ],
    arguments: [{ name: 'TITLE', required: true, repeat: true }],
    options: [
      { name: 'severity', value: 'SEV', summary: 'SEV1 to SEV4; P0 to P3 are taken too.' },
      { name: 'service', value: 'SERVICE', repeat: true, summary: 'What is hurt; several times for several.' },
      { name: 'alert', value: 'ALERT', repeat: true, summary: 'An alert that belongs to it.' },
      { name: 'started', value: 'TIME', summary: 'When it began: a time, or 20m for twenty minutes ago.' },
      { name: 'people', value: 'N', summary: 'How many people are affected; the severity is proposed from it, too.' },
      {
        name: 'kind',
        value: 'KIND',
        choices: ['normal', 'security', 'drill', 'backfilled', 'scheduled'],
        summary: 'normal (the default), security, drill, backfilled, or scheduled: planned work.',
      },
      { name: 'reader', value: 'WHO', repeat: true, summary: 'Who may read a security one: person:ana, team:web.' },
      { name: 'ended', value: 'TIME', summary: 'When a backfilled one ended.' },
      { name: 'starts', value: 'TIME', summary: 'When scheduled work begins: a time, or 2h from now.' },
      { name: 'ends', value: 'TIME', summary: 'When scheduled work is over.' },
      {
        name: 'maintenance',
        value: 'NAME',
        summary: 'Scheduled work follows this maintenance: its next time, or one by its id.',
      },
      note,
    ],
    server: true,
    data: true,
    load: async () => (await import('./incidents.ts')).declare,
  },
  {
    words: ['incident', 'note'],
    group: 'respond',
    summary: 'Write into the timeline',
    examples: [
      { line: 'mainstay incident note 7 "Rolled back checkout to 1.4.2"', meaning: 'one line' },
      { line: 'kubectl get pods | mainstay incident note 7', meaning: 'from stdin' },
    ],
    arguments: [...oneIncident, { name: 'TEXT', required: false, repeat: true }],
    server: true,
    load: async () => (await import('./incidents.ts')).note,
  },
  ...moves.map(
    ([word, summary, name]): Command => ({
      words: ['incident', word],
      group: 'respond',
      summary,
      examples: [
        { line: `mainstay incident ${word} 7 --note "what was done"`, meaning: 'the note is for the timeline' },
      ],
      arguments: oneIncident,
      options: [note],
      server: true,
      data: true,
      load: async () => (await import('./incidents.ts'))[name],
    }),
  ),
  {
    words: ['incident', 'severity'],
    group: 'respond',
    summary: 'Change the severity, with a reason',
    examples: [{ line: 'mainstay incident severity 7 SEV1 --reason "every checkout fails"', meaning: 'up or down' }],
    arguments: [...oneIncident, { name: 'SEV', required: true }],
    options: [{ name: 'reason', value: 'TEXT', summary: 'Why.' }],
    server: true,
    data: true,
    load: async () => (await import('./incidents.ts')).changeSeverity,
  },
  {
    words: ['incident', 'call'],
    group: 'respond',
    summary: 'Say where people talk',
    examples: [
      { line: 'mainstay incident call 7 https://meet.example.com/room', meaning: 'shown at the head of the room' },
      { line: 'mainstay incident call 7 --over', meaning: 'nobody talks any more' },
    ],
    arguments: [...oneIncident, { name: 'URL', required: false }],
    options: [{ name: 'over', summary: 'The call is over.' }],
    server: true,
    data: true,
    load: async () => (await import('./incidents.ts')).nameCall,
  },
  {
    words: ['incident', 'role'],
    group: 'respond',
    summary: 'Take a role, or hand it to somebody',
    examples: [
      { line: 'mainstay incident role 7 commander', meaning: 'take it' },
      { line: 'mainstay incident role 7 comms ben', meaning: 'hand it to Ben' },
    ],
    arguments: [...oneIncident, { name: 'ROLE', required: true }, { name: 'PERSON', required: false }],
    options: [{ name: 'release', summary: 'Give it up.' }],
    server: true,
    data: true,
    load: async () => (await import('./incident-role.ts')).assignRole,
  },
]

export const respondCommands: readonly Command[] = [
  ...alertCommands,
  ...oncallCommands,
  ...healthCommands,
  ...scheduleCommands,
  ...routingCommands,
  ...incidentCommands,
]
