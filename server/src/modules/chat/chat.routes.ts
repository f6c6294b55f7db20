import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { needIncident } from '../incidents/index.ts'
import * as contract from './chat.contract.ts'
import type { ChatPorts } from './chat.ports.ts'
import { obeyCommand } from './usecases/obey-command.ts'
import { readChats, readRoomOf } from './usecases/read-chat.ts'

export function chatRoutes(needs: Needs, ports: ChatPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.readStatus, async () => ({ items: [...(await readChats(needs, ports))] })),
    route(contract.readRoom, async ({ params, actor }) => {
      await needIncident(database, params.id, readerFor(actor, await ports.declaredNameOf(actor)))
      return { room: await readRoomOf(database, ports, params.id) }
    }),
    route(contract.runCommand, async ({ body, actor }) => {
      const order = { actor, text: body.text, incidentId: body.incident ?? null, nameOfUser: async () => null }
      const { done, sentence, incidentId } = await obeyCommand(needs, ports, order)
      return { done, sentence, incident: incidentId }
    }),
  ]
}
