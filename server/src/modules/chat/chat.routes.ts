import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { needIncident } from '../incidents/index.ts'
import * as contract from './chat.contract.ts'
import type { ChatPorts } from './chat.ports.ts'
import { obeyCommand } from './usecases/obey-command.ts'
import { readChats, readRoomsOf } from './usecases/read-chat.ts'
import { testChat } from './usecases/test-chat.ts'

/** In the console people are named by their names. */
const unnamed = async (user: string) => ({ person: null, shown: user })

export function chatRoutes(needs: Needs, ports: ChatPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.readStatus, async () => ({ items: [...(await readChats(needs, ports))] })),
    route(contract.readRoom, async ({ params, actor }) => {
      await needIncident(database, params.id, readerFor(actor, await ports.declaredNameOf(actor)))
      const rooms = await readRoomsOf(database, ports, params.id)
      return { room: rooms[0] ?? null, rooms: [...rooms] }
    }),
    route(contract.testChat, async ({ params, actor }) => {
      const checks = await testChat(needs, ports, params.provider, actor)
      return { ok: checks.every((each) => each.ok), checks: [...checks] }
    }),
    route(contract.runCommand, async ({ body, actor }) => {
      const order = { actor, text: body.text, incidentId: body.incident ?? null, nameOfUser: unnamed }
      const { done, sentence, incidentId } = await obeyCommand(needs, ports, order)
      return { done, sentence, incident: incidentId }
    }),
  ]
}
