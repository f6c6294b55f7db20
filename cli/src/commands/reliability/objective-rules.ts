import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { needName, say } from '../../print/output.ts'

/** To standard output, as promtool reads it; what is to be known of it goes to standard error. */
export const printRules: Run = async (call) => {
  const name = needName(call, 'mainstay slo rules checkout-availability')
  const api = await openApi(call)
  const { yaml, warnings } = await api.client['objectives.prometheus-rules']({ params: { name } })
  call.shell.out.write(yaml)
  for (const warning of warnings) say(call, warning)
  return exitCodes.ok
}
