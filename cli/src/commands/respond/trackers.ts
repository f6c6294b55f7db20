// Connections to trackers from a terminal. Secrets come from files or stdin, never from the line.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { readGivenFile } from './given-file.ts'

export const listTrackers: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['tickets.connections']()
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'TRACKER', of: (row) => row.title },
      { header: 'PROJECT', of: (row) => row.project },
      { header: 'TICKETS', of: (row) => String(row.tickets), align: 'right' },
      { header: 'LOOK AT', of: (row) => String(row.attention), align: 'right' },
      { header: 'AWAY', of: (row) => (row.away === null ? 'no' : ago(row.away.since, call.shell.now())) },
      { header: 'CALLS US', of: (row) => (row.hookSigned ? row.hookUrl : 'no secret is kept'), wide: true },
      { header: 'BECAUSE', of: (row) => row.away?.because ?? '', elastic: true },
    ],
    nameOf: (row) => `tracker/${row.name}`,
    none: 'No tracker is connected.',
  })
  return items.some((each) => each.away !== null) ? exitCodes.error : exitCodes.ok
}

const kinds = ['github', 'gitlab', 'jira', 'servicenow'] as const

export const connectTracker: Run = async (call) => {
  const { options } = call
  const kind = kinds.find((each) => each === options.text('kind'))
  const url = options.text('address')
  const project = options.text('project')
  if (kind === undefined || url === null || project === null)
    throw usageError('Which tracker, where, and which project?', 'Say --kind, --address and --project.')
  const [user, type] = [options.text('user'), options.text('type')]
  const token = await secretOf(call, 'secret-file')
  const hookSecret = await secretOf(call, 'hook-secret-file')
  const api = await openApi(call)
  const connected = await api.client['tickets.connect']({
    params: { name: call.args[0] ?? '' },
    body: {
      tracker: kind,
      url,
      project,
      // Left out, what is kept stays; `--user ""` takes it away.
      ...(user === null ? {} : { user: user === '' ? null : user }),
      ...(type === null ? {} : { type: type === '' ? null : type }),
      ...(token === null ? {} : { token }),
      ...(hookSecret === null ? {} : { hookSecret }),
    },
  })
  say(call, harmless(`${connected.title} is connected as ${connected.name}. It may call ${connected.hookUrl}`))
  return exitCodes.ok
}

async function secretOf(call: Call, option: string): Promise<string | null> {
  const file = call.options.text(option)
  return file === null ? null : (await readGivenFile(call, file)).trim()
}

export const testTracker: Run = async (call) => {
  const api = await openApi(call)
  const { ok, sentence } = await api.client['tickets.test']({ params: { name: call.args[0] ?? '' } })
  say(call, harmless(sentence))
  return ok ? exitCodes.ok : exitCodes.error
}

export const removeTracker: Run = async (call) => {
  const api = await openApi(call)
  await api.client['tickets.disconnect']({ params: { name: call.args[0] ?? '' } })
  say(call, 'Its secrets are forgotten. Its tickets stay there and are looked after no longer.')
  return exitCodes.ok
}
