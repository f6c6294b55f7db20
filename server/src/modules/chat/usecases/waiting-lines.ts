// The entries a room was not told of yet. The journal holds much else about an incident: it is read past, batch by batch.
import type { Queries } from '../../../platform/database/queries.ts'
import type { ChatPorts } from '../chat.ports.ts'
import { isTold } from '../core/index.ts'

type Line = Awaited<ReturnType<ChatPorts['linesOf']>>[number]

const batch = 500
/** Deliveries of a storm, fifty thousand at most. */
const mostBatches = 100
/** Far more than is told one by one. */
const mostWaiting = 500

export async function waitingLines(
  queries: Queries,
  ports: Pick<ChatPorts, 'linesOf'>,
  room: { readonly incidentId: string; readonly toldTo: number },
): Promise<readonly Line[]> {
  const waiting: Line[] = []
  let after = room.toldTo
  for (let read = 0; read < mostBatches && waiting.length < mostWaiting; read += 1) {
    const lines = await ports.linesOf(queries, [`incident:${room.incidentId}`], after, batch)
    waiting.push(...lines.filter((line) => isTold(line.type)))
    const last = lines.at(-1)
    if (last === undefined || lines.length < batch) break
    after = last.id
  }
  return waiting
}
