// Updates that a second person looks at before anybody is told: proposed, approved, declined, taken back.
import { type Client, ProblemError } from '../../../../client/src/client.ts'
import { openApi } from '../../connection/api.ts'
import { type ExitCode, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { oneIncidentId } from './references.ts'

type Post = Parameters<Client['incidents.post-update']>[0]

/** Posts it, or proposes it where the policy wants a second look. */
export async function tellOrPropose(call: Call, client: Client, order: Post): Promise<ExitCode> {
  const reference = call.args[0] ?? ''
  const propose = async () => {
    const { number } = await client['incidents.propose-update'](order)
    say(call, `It waits for somebody else, and nobody is told before: mainstay incident approve ${reference} ${number}`)
    say(call, `Until then you may take it back: mainstay incident withdraw ${reference} ${number}`)
    return exitCodes.ok
  }
  if (call.options.has('propose')) return propose()
  try {
    const update = await client['incidents.post-update'](order)
    const next = update.nextAt === null ? '.' : `; the next is due ${update.nextAt}.`
    say(call, `Update ${update.number} to ${update.customer ?? update.audience} is out${next}`)
    return exitCodes.ok
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'incidents.needs-approval') return propose()
    throw error
  }
}

const decide =
  (approve: boolean): Run =>
  async (call) => {
    const [reference = '', word = ''] = call.args
    const number = proposalNumber(word)
    const reason = call.options.text('reason')
    if (!approve && reason === null)
      throw usageError('Say why it is declined.', `mainstay incident disapprove ${reference} ${number} --reason "…"`)
    const api = await openApi(call)
    const { update, outcome } = await api.client['incidents.decide-update']({
      params: { id: await oneIncidentId(api, reference), number },
      body: { approve, ...(reason === null ? {} : { reason }) },
    })
    const ended = outcome === 'taken-back' ? 'taken back' : 'declined'
    say(call, update === null ? `It is ${ended}; nobody is told.` : `Update ${update} is out.`)
    return exitCodes.ok
  }

function proposalNumber(word: string): number {
  const number = /^#?([1-9][0-9]{0,8})$/.exec(word)?.[1]
  if (number !== undefined) return Number(number)
  throw usageError(`"${word}" is no number of a proposed update.`, 'mainstay incident updates 7 lists those that wait.')
}

export const withdrawUpdate: Run = async (call) => {
  const [reference = '', word = ''] = call.args
  const number = proposalNumber(word)
  const reason = call.options.text('reason')
  const api = await openApi(call)
  await api.client['incidents.withdraw-update']({
    params: { id: await oneIncidentId(api, reference), number },
    body: reason === null ? {} : { reason },
  })
  say(call, 'It is taken back; nobody is told.')
  return exitCodes.ok
}

export const approveUpdate = decide(true)
export const disapproveUpdate = decide(false)
