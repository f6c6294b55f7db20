// Incidents in chat: how the chats are doing, and the commands of chat in a terminal.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { oneIncidentId } from './references.ts'

export const chatStatus: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['chat.status']()
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'CHAT', of: (row) => row.title },
      { header: 'CONNECTED', of: (row) => (row.connected ? 'yes' : 'no') },
      { header: 'AWAY', of: (row) => (row.away === null ? 'no' : ago(row.away.since, call.shell.now())) },
      { header: 'ROOMS', of: (row) => String(row.rooms), align: 'right' },
      { header: 'WAIT', of: (row) => String(row.waitingRooms), align: 'right' },
      { header: 'STATE', of: (row) => row.sentence, elastic: true },
    ],
    nameOf: (row) => `chat/${row.provider}`,
    none: 'No chat is known.',
  })
  return items.some((each) => each.away !== null) ? exitCodes.error : exitCodes.ok
}

export const testChat: Run = async (call) => {
  const [named = ''] = call.args
  const provider = (['slack', 'mattermost', 'teams'] as const).find((each) => each === named)
  if (provider === undefined) throw usageError(`There is no chat "${named}".`, 'Write slack, mattermost or teams.')
  const api = await openApi(call)
  const { ok, checks } = await api.client['chat.test']({ params: { provider } })
  await printListing(call, {
    rows: checks,
    columns: [
      { header: 'CHECK', of: (row) => row.name },
      { header: 'GOOD', of: (row) => (row.ok ? 'yes' : 'no') },
      { header: 'SAYS', of: (row) => harmless(row.sentence), elastic: true },
    ],
    nameOf: (row) => `check/${row.name}`,
    none: 'Nothing was asked.',
  })
  return ok ? exitCodes.ok : exitCodes.error
}

const stateWords = { wanted: 'is made', open: 'open', leaving: 'is left', archived: 'archived' } as const

export const showRooms: Run = async (call) => {
  const api = await openApi(call)
  const id = await oneIncidentId(api, call.args[0] ?? '')
  const { rooms } = await api.client['chat.room']({ params: { id } })
  await printListing(call, {
    rows: rooms,
    columns: [
      { header: 'CHAT', of: (row) => row.title },
      { header: 'ROOM', of: (row) => row.name ?? '' },
      { header: 'STATE', of: (row) => stateWords[row.state] },
      { header: 'READ BY', of: (row) => (row.private ? 'its people' : 'everybody') },
      { header: 'AWAY', of: (row) => (row.away === null ? 'no' : ago(row.away.since, call.shell.now())) },
      { header: 'WAIT', of: (row) => String(row.waiting), align: 'right' },
      { header: 'FAULT', of: (row) => row.fault ?? row.away?.because ?? '', elastic: true },
      { header: 'ADDRESS', of: (row) => row.url ?? '', wide: true },
    ],
    nameOf: (row) => `room/${row.provider}`,
    none: 'It has no room in chat.',
  })
  return rooms.some((each) => each.away !== null || each.fault !== null) ? exitCodes.error : exitCodes.ok
}

export const sayInChat: Run = async (call) => {
  const text = call.args.join(' ').trim()
  if (text === '')
    throw usageError('What is to be done?', 'Write it as in chat: mainstay chat say 7 sev 2 because it spreads')
  const api = await openApi(call)
  const answer = await api.client['chat.command']({ body: { text } })
  const lines = answer.sentence.replaceAll('`', '').split('\n').map(harmless)
  if (answer.done) call.shell.out.write(`${lines.join('\n')}\n`)
  else say(call, lines.join('\n'))
  return answer.done ? exitCodes.ok : exitCodes.error
}
