import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { listRestricted } from '../incidents/index.ts'
import { sectionKeys, sectionTitles } from './core/index.ts'
import { idOf } from './postmortem-address.ts'
import type { PostmortemsPorts } from './postmortems.ports.ts'
import { listSections } from './postmortems.store.ts'
import { presentPostmortem } from './present-postmortem.ts'
import { authorsOf, longestUpdate, stateOf } from './together/document.ts'
import { type LiveDocuments, liveDocuments } from './together/live-document.ts'
import { type OpenDocuments, readDocument } from './together/open-documents.ts'
import * as contract from './together.contract.ts'
import { findVersion, listVersions, listWriters, placeWriter, type VersionRow } from './together.store.ts'
import { needPostmortem, type Order } from './usecases/postmortem-entry.ts'
import { handOf, joinPostmortem, writeTogether, writeWholeTexts } from './usecases/write-together.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const unknownVersion = () => new AppError('not-found', 'postmortems.unknown-version', 'There is no such version.')

export function togetherRoutes(
  needs: Needs,
  ports: PostmortemsPorts,
  documents: OpenDocuments,
  live: () => LiveDocuments | null,
): readonly BoundOperation[] {
  const { database } = needs
  const reading = async (actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))
  const find = async (id: string, actor: Actor) => needPostmortem(database, id, await reading(actor))
  const orderOf = async (id: string, actor: Actor): Promise<Order> => ({
    id,
    actor,
    by: await ports.personOf(actor),
    reader: await reading(actor),
  })

  return [
    route(contract.joinDocument, async ({ params, actor }) => {
      const { client, epoch, seq, state } = await joinPostmortem(needs, documents, await orderOf(params.id, actor))
      return { client, epoch, seq, state: base64(state) }
    }),
    route(contract.readDocument, async ({ params, actor }) => {
      const { id } = await find(params.id, actor)
      const whole = await readDocument(database, id)
      if (whole === null)
        throw new AppError('conflict', 'postmortems.not-shared', 'Nobody has begun to write together yet. Join first.')
      return { epoch: whole.epoch, seq: whole.seq, state: base64(stateOf(whole.doc)) }
    }),
    route(contract.writeUpdate, async ({ params, body, actor }) => {
      const update = Buffer.from(body.update, 'base64')
      if (update.length > longestUpdate)
        throw new AppError('invalid', 'postmortems.bad-update', 'The update is too large.')
      const order = { ...(await orderOf(params.id, actor)), client: body.client, update: new Uint8Array(update) }
      const { seq } = await writeTogether(needs, documents, order)
      live()?.wake(params.id)
      return { seq }
    }),
    route(contract.beHere, async ({ params, body, actor }) => {
      const { id } = await find(params.id, actor)
      const placed = await placeWriter(database, {
        id,
        client: params.client,
        actor: handOf(actor),
        section: body.section ?? null,
        line: body.line ?? null,
        seenAt: body.here ? await database.now() : null,
      })
      if (!placed)
        throw new AppError('forbidden', 'postmortems.not-your-hand', 'This hand belongs to somebody else. Join anew.')
      return {}
    }),
    route(contract.readAuthors, async ({ params, actor }) => {
      const { id } = await find(params.id, actor)
      const whole = await readDocument(database, id)
      if (whole === null) {
        const written = await listSections(database, id)
        return {
          sections: written
            .filter((each) => each.body !== '')
            .map(({ section, body, updatedBy }) => ({
              section,
              title: sectionTitles[section],
              runs: [{ by: updatedBy, text: body }],
            })),
        }
      }
      const people = new Map((await listWriters(database, id)).map(({ client, person }) => [client, person]))
      return {
        sections: sectionKeys.map((section) => ({
          section,
          title: sectionTitles[section],
          runs: [...authorsOf(whole.doc, section, (client) => people.get(client) ?? 'Mainstay')],
        })),
      }
    }),
    route(contract.listPostmortemVersions, async ({ params, actor }) => {
      const { id } = await find(params.id, actor)
      return { items: (await listVersions(database, id)).map(presentHead) }
    }),
    route(contract.readVersion, async ({ params, actor }) => {
      const { id } = await find(params.id, actor)
      const row = await findVersion(database, id, params.number)
      if (row === null) throw unknownVersion()
      return presentVersion(row)
    }),
    route(contract.restoreVersion, async ({ params, actor }) => {
      const order = await orderOf(params.id, actor)
      const { row } = await writeWholeTexts(needs, documents, {
        ...order,
        keepBefore: `Before version ${params.number} was written again.`,
        texts: async (tx) => {
          const version = await findVersion(tx, params.id, params.number)
          if (version === null) throw unknownVersion()
          return Object.fromEntries(sectionKeys.map((section) => [section, version.sections[section] ?? '']))
        },
      })
      live()?.wake(params.id)
      const reader = readerFor(actor, await ports.declaredNameOf(actor))
      return presentPostmortem(database, row, (await listRestricted(database, reader)).closed)
    }),
  ]
}

type VersionHead = Pick<VersionRow, 'number' | 'at' | 'because' | 'authors'>

const presentHead = ({ number, at, because, authors }: VersionHead) => ({
  number,
  at: formatInstant(at),
  because,
  authors: [...authors],
})

function presentVersion(row: VersionRow): contract.VersionReply {
  const sections = sectionKeys.map((section) => ({
    section,
    title: sectionTitles[section],
    body: row.sections[section] ?? '',
  }))
  return { ...presentHead(row), sections }
}

/** Kept by the module, so that a stop of the room ends its streams. */
export function togetherWire(
  needs: Needs,
  ports: PostmortemsPorts,
  opened: (live: LiveDocuments) => void,
): (server: FastifyInstance, door: WireDoor) => void {
  return (server, door) => {
    const live = liveDocuments(needs.database, needs.log, {
      admit: (request, operationId) => door.admit(request, operationId),
      check: async (actor, id) =>
        needPostmortem(needs.database, id, readerFor(actor, await ports.declaredNameOf(actor))),
    })
    opened(live)
    server.get('/api/v1/postmortems/:id/live', { config: { operationId: 'postmortems.live' } }, (request, reply) =>
      live.open(request, reply, idOf(request.params)),
    )
  }
}
