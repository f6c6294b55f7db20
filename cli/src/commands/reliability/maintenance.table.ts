// Planned work, and the calendar it stands in.
import type { Command } from '../../line/command.ts'

const one = [{ name: 'WINDOW|ID', required: true }] as const
const reason = { name: 'reason', value: 'TEXT', summary: 'Why; everybody can read it.' } as const

export const maintenanceCommands: readonly Command[] = [
  {
    words: ['maintenance', 'list'],
    group: 'reliability',
    summary: 'Maintenance under way and planned',
    examples: [
      { line: 'mainstay maintenance list', meaning: 'of the next 30 days' },
      {
        line: 'mainstay maintenance list --service checkout --from 7d --days 90',
        meaning: 'of one service, and before',
      },
    ],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'That covers this service.' },
      { name: 'from', value: 'TIME', summary: 'Since then (default now): a time, or 7d back.' },
      { name: 'days', value: 'DAYS', summary: 'For so long, 400 at most (default 30).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./maintenance.ts')).listMaintenance,
  },
  {
    words: ['maintenance', 'declare'],
    group: 'reliability',
    summary: 'Plan work on services: nobody is paged, budgets leave it out',
    examples: [
      { line: 'mainstay maintenance declare db --for 2h --reason "new disks"', meaning: 'from now on' },
      {
        line: 'mainstay maintenance declare db --dependants hard --start "2026-12-06 02:00" --zone Europe/Vienna --for 2h --preview',
        meaning: 'when, and whom it would cover; nothing is kept',
      },
      {
        line: 'mainstay maintenance declare db --name vacuum --start "2026-12-06 02:00" --repeat "FREQ=WEEKLY;BYDAY=SU" --for 2h --reason vacuum',
        meaning: 'every Sunday night',
      },
    ],
    arguments: [{ name: 'SERVICE', required: true, repeat: true }],
    options: [
      { name: 'for', value: 'DURATION', summary: 'How long: 2h.' },
      reason,
      { name: 'start', value: 'TIME', summary: 'Wall time, "2026-12-06 02:00" (default now).' },
      { name: 'zone', value: 'ZONE', summary: 'Of the start, such as Europe/Vienna (default of this machine).' },
      { name: 'repeat', value: 'RULE', summary: 'RFC 5545, such as FREQ=WEEKLY;BYDAY=SU. Without it: once.' },
      {
        name: 'dependants',
        value: 'WHICH',
        choices: ['hard', 'all'],
        summary: 'Also who depends on them: hard (fails with them) or all.',
      },
      {
        name: 'budget',
        value: 'HOW',
        choices: ['drop', 'good', 'count'],
        summary: 'Its time in budgets: drop (default), good or count.',
      },
      { name: 'team', value: 'TEAM', summary: 'Whose window it is.' },
      { name: 'name', value: 'NAME', summary: 'Of the window (default made of service and start).' },
      { name: 'announce', value: 'TITLE', summary: 'Tell customers on the status pages of these services.' },
      { name: 'announce-text', value: 'TEXT', summary: 'What customers read.' },
      { name: 'preview', summary: 'Only say when and whom; nothing is kept.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./maintenance.ts')).declareMaintenance,
  },
  {
    words: ['maintenance', 'end'],
    group: 'reliability',
    summary: 'End a maintenance before its time',
    examples: [{ line: 'mainstay maintenance end vacuum --reason "done"', meaning: 'what still fires is told now' }],
    arguments: one,
    options: [reason],
    server: true,
    load: async () => (await import('./maintenance.ts')).endMaintenance,
  },
  {
    words: ['maintenance', 'extend'],
    group: 'reliability',
    summary: 'Let a maintenance last longer',
    examples: [{ line: 'mainstay maintenance extend vacuum --for 1h --reason "a slow disk"', meaning: 'an hour more' }],
    arguments: one,
    options: [
      { name: 'for', value: 'DURATION', summary: 'How much longer: 1h.' },
      { name: 'until', value: 'TIME', summary: 'In place of --for: RFC 3339.' },
      reason,
    ],
    server: true,
    load: async () => (await import('./maintenance.ts')).extendMaintenance,
  },
  {
    words: ['maintenance', 'cancel'],
    group: 'reliability',
    summary: 'Cancel the next time of a maintenance; the others stay',
    examples: [{ line: 'mainstay maintenance cancel vacuum --reason "a launch"', meaning: 'the next one only' }],
    arguments: one,
    options: [reason],
    server: true,
    load: async () => (await import('./maintenance.ts')).cancelMaintenance,
  },
  {
    words: ['changes', 'calendar'],
    group: 'reliability',
    summary: 'Changes and maintenance on one line of time',
    examples: [{ line: 'mainstay changes calendar --service checkout', meaning: 'a week back and four ahead' }],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      { name: 'from', value: 'TIME', summary: 'Since then (default 7d): a time, or how long ago.' },
      { name: 'days', value: 'DAYS', summary: 'For so long, 400 at most (default 35).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./maintenance.ts')).showCalendar,
  },
]
