// Corrective actions from a terminal: added, finished, proven by their signal.
import type { CorrectiveAction } from '../../../../client/src/operations.gen.ts'
import { day } from '../../../../server/src/kernel/duration.ts'
import { actionKinds, actionSizes, readinessChecks } from '../../../../server/src/modules/postmortems/core/index.ts'
import { type Api, notFound, openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { oneOf } from './text-given.ts'
import { postmortemOf } from './write-postmortem.ts'

const usualMs = 14 * day

export const addAction: Run = async (call) => {
  const { options, shell } = call
  const [reference = '', ...words] = call.args
  const owner = options.text('owner')
  if (owner === null) throw usageError('Who does it?', 'Say --owner ana.')
  const kind = oneOf(actionKinds, options.text('kind') ?? 'prevent', 'kind of action')
  const signal = signalOf(call)
  const size = sizeOf(options.text('size'))
  const dueAt = new Date(shell.now() + (options.durationMs('due') ?? usualMs)).toISOString()
  const api = await openApi(call)
  const { id } = await postmortemOf(api, reference)
  const action = await api.client['actions.add']({
    params: { id },
    body: {
      title: words.join(' '),
      kind,
      owner,
      dueAt,
      ...(size === null ? {} : { size }),
      ...(signal === null ? {} : { signal }),
    },
  })
  say(call, `Action ${action.number}, ${action.owner} until ${action.dueAt.slice(0, 10)}.`)
  if (action.signal === null)
    say(call, 'Nobody has said yet what will show that it worked: --objective, --alert, --check or --drill.')
  return exitCodes.ok
}

const sizeOf = (text: string | null) => (text === null ? null : oneOf(actionSizes, text.toUpperCase(), 'size'))

export const sizeAction: Run = async (call) => {
  const [reference = '', text = ''] = call.args
  const size = sizeOf(text)
  const api = await openApi(call)
  const { id } = await actionOf(api, reference)
  const action = await api.client['actions.change']({ params: { id }, body: { size } })
  say(call, `Action ${action.number}: ${action.priority.sentence}`)
  return exitCodes.ok
}

export const finishAction: Run = async (call) => {
  const signal = signalOf(call)
  const note = call.options.text('note')
  const api = await openApi(call)
  const { id } = await actionOf(api, call.args[0] ?? '')
  const action = await api.client['actions.finish']({
    params: { id },
    body: { ...(signal === null ? {} : { signal }), ...(note === null ? {} : { note }) },
  })
  say(call, `Action ${action.number} is ${action.state}: its signal is watched from now on.`)
  return exitCodes.ok
}

const changeTo =
  (state: 'open' | 'dropped', sentence: string): Run =>
  async (call) => {
    const reason = call.options.text('reason')
    if (reason === null) throw usageError('Why?', 'Say --reason "…".')
    const api = await openApi(call)
    const { id } = await actionOf(api, call.args[0] ?? '')
    const action = await api.client['actions.change']({ params: { id }, body: { state, reason } })
    say(call, `Action ${action.number} ${sentence}.`)
    return exitCodes.ok
  }
export const dropAction = changeTo('dropped', 'will not be done')
export const reopenAction = changeTo('open', 'is open again')

type Signal = NonNullable<CorrectiveAction['signal']>

const signs = 'Say --objective NAME, or --alert TITLE, --check CHECK or --drill with --service NAME.'

function signalOf({ options }: Call): Signal | null {
  const [objective, title, check] = [options.text('objective'), options.text('alert'), options.text('check')]
  const [service, drill] = [options.text('service'), options.has('drill')]
  const windowMs = options.durationMs('for') ?? usualMs
  const signals = [objective !== null, title !== null, check !== null, drill].filter(Boolean).length
  if (signals === 0 && service === null) return null
  if (signals !== 1) throw usageError('What proves it?', signs)
  if (objective !== null) return { kind: 'objective', objective, windowMs }
  if (service === null) throw usageError('On which service?', signs)
  if (title !== null) return { kind: 'alert', service, title, windowMs }
  if (check !== null)
    return { kind: 'check', service, check: oneOf(readinessChecks, check, 'readiness check'), windowMs }
  return { kind: 'drill', service, windowMs, mitigatedWithinMs: options.durationMs('mitigated-within') }
}

const most = 100_000

export async function actionOf(api: Api, text: string): Promise<CorrectiveAction> {
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  // By its number one is asked for; an id is only found among all of them.
  const { items } =
    number === undefined
      ? await readPages((page) => api.client['actions.list']({ query: page }), most)
      : await api.client['actions.list']({ query: { number: Math.max(1, Number(number)), limit: 1 } })
  const found = items.find((each) => each.id === text || String(each.number) === number)
  if (found === undefined) throw notFound(`There is no action ${text}.`, 'See `mainstay postmortem actions --all`.')
  return found
}
