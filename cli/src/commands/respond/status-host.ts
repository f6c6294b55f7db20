// The host name of a status page's own.
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'

/** Exit code 1 until the page answers there, so that a script may wait for it. */
export const checkHost: Run = async (call) => {
  const [page = ''] = call.args
  const api = await openApi(call)
  const host = await api.client['statuspages.check-host']({ params: { page } })
  if (host.because !== null) say(call, `▲ ${harmless(host.because)}`)
  if (host.answers) {
    say(call, `${page} answers at https://${host.name}/`)
    return exitCodes.ok
  }
  say(call, 'Put this record into its DNS, or let a CNAME of the host lead to this server:')
  call.shell.out.write(`${host.record.name} TXT ${host.record.value}\n`)
  return exitCodes.error
}
