// A page goes on by the policy it began with; this takes the edited one over, and says what that means first.
import type { EscalationNow } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exactAndAgo } from '../../print/times.ts'
import { alertIds } from './references.ts'

export const reapply: Run = async (call) => {
  const api = await openApi(call)
  for (const alert of await alertIds(api, call.args)) {
    const { number } = await api.client['alerts.read']({ params: { id: alert } })
    const { escalation, edited } = await api.client['escalations.read']({ params: { alert } })
    if (edited === null) {
      say(call, `Alert ${number}: policy ${escalation.policy} is as it was when the page began.`)
      continue
    }
    const dry = call.options.has('dry-run')
    if (!dry) await api.client['escalations.reapply']({ params: { alert } })
    const heading = dry
      ? `would take the edited policy ${escalation.policy} over`
      : `goes on by the edited policy ${escalation.policy}`
    say(call, `Alert ${number} ${heading}. ${outcome(call, edited)}`)
  }
  return exitCodes.ok
}

function outcome({ shell }: Call, { pages, nextAt }: NonNullable<EscalationNow['edited']>): string {
  const paged = pages.length === 0 ? 'Nobody is paged now' : `Paged now: ${pages.map((each) => each.person).join(', ')}`
  const next =
    nextAt === null ? 'nothing follows by itself' : `the next step is ${exactAndAgo(nextAt, shell.zone, shell.now())}`
  return harmless(`${paged}; ${next}.`)
}
