import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'

/** For scripts that have no alerting of their own: a failed backup, a test of the way to a phone. */
export const sendAlert: Run = async (call) => {
  const { options } = call
  const summary = call.args.join(' ')
  const service = options.text('service')
  const severity = options.text('severity')
  const labels = options.all('label').map(readLabel)
  const status = options.has('resolved') ? 'resolved' : 'firing'
  const api = await openApi(call)
  const taken = await api.client['alerts.send']({
    body: {
      source: options.text('source') ?? 'cli',
      signals: [
        {
          // Without a key of its own, the sentence is the problem.
          dedupKey: options.text('key') ?? summary,
          status,
          summary,
          ...(severity === null ? {} : { severity }),
          ...(service === null ? {} : { service }),
          ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }),
        },
      ],
    },
  })
  say(call, taken.opened + taken.refreshed + taken.resolved === 0 ? 'It changes nothing.' : told(taken))
  return exitCodes.ok
}

function told({ opened, refreshed, resolved }: { opened: number; refreshed: number; resolved: number }): string {
  if (resolved > 0) return 'The alert has ended.'
  return opened > 0 ? 'An alert is open. See `mainstay alerts list`.' : `The open alert was seen again (${refreshed}).`
}

function readLabel(text: string): readonly [string, string] {
  const [, name, value = ''] = /^([^=\s]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw usageError(`"${text}" is no label.`, 'Write name=value.')
  return [name, value]
}
