// The public version: its operations, and the two addresses that answer with a page.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import type { PublicCopy } from './core/index.ts'
import { readPolicyOfReviews } from './kinds/postmortem-policy.ts'
import { idOf } from './postmortem-address.ts'
import type { PostmortemsPorts } from './postmortems.ports.ts'
import type { PostmortemRow } from './postmortems.store.ts'
import * as contract from './public.contract.ts'
import { findServed, type PublicRow } from './public.store.ts'
import { goneHtml, publicHtml, publicStyle } from './public-html.ts'
import { needPostmortem, type Order } from './usecases/postmortem-entry.ts'
import { approveVersion, prepareVersion, publicOf, withdrawVersion } from './usecases/public-version.ts'

export function publicRoutes(needs: Needs, ports: PostmortemsPorts): readonly BoundOperation[] {
  const { database } = needs
  const orderOf = async (id: string, actor: Actor): Promise<Order> => ({
    ...{ id, actor, by: await ports.personOf(actor) },
    reader: readerFor(actor, await ports.declaredNameOf(actor)),
  })
  const present = async (id: string, actor: Actor, row: PublicRow) => {
    const of = await needPostmortem(database, id, (await orderOf(id, actor)).reader)
    const { publicBySecond } = await readPolicyOfReviews(database)
    return presentPublic(row, of, { publicUrl: needs.publicUrl, publicBySecond })
  }
  return [
    route(contract.readPublic, async ({ params, actor }) => {
      await needPostmortem(database, params.id, (await orderOf(params.id, actor)).reader)
      return present(params.id, actor, await publicOf(database, params.id))
    }),
    route(contract.preparePublic, async ({ params, body, actor }) =>
      present(
        params.id,
        actor,
        await prepareVersion(needs, ports, { ...(await orderOf(params.id, actor)), choices: body }),
      ),
    ),
    route(contract.approvePublic, async ({ params, body, actor }) =>
      present(params.id, actor, await approveVersion(needs, { ...(await orderOf(params.id, actor)), hash: body.hash })),
    ),
    route(contract.withdrawPublic, async ({ params, body, actor }) =>
      present(
        params.id,
        actor,
        await withdrawVersion(needs, { ...(await orderOf(params.id, actor)), reason: body.reason }),
      ),
    ),
  ]
}

function presentPublic(
  row: PublicRow,
  of: PostmortemRow,
  { publicUrl, publicBySecond }: { readonly publicUrl: string; readonly publicBySecond: boolean },
): contract.PublicReply {
  const { choices, copy, copyHash, preparedBy, preparedAt, served, servedHash, approvedBy, approvedAt, token } = row
  const { withdrawnAt, withdrawnBy, withdrawnBecause } = row
  return {
    choices: {
      ...choices,
      ...{ sections: [...choices.sections], parts: [...choices.parts], passages: [...choices.passages] },
      ...{ roles: choices.roles.map((each) => ({ ...each })), noNames: [...choices.noNames] },
    },
    prepared:
      copy === null || copyHash === null || preparedBy === null || preparedAt === null
        ? null
        : {
            ...{ by: preparedBy, at: formatInstant(preparedAt), hash: copyHash, copy: copyReply(copy) },
            ...{ current: of.hash !== null && of.hash === row.ofHash, needsSecond: publicBySecond },
          },
    served:
      served === null || servedHash === null || approvedBy === null || approvedAt === null || token === null
        ? null
        : {
            ...{ by: approvedBy, at: formatInstant(approvedAt), hash: servedHash },
            ...{ url: `${publicUrl}/reviews/${token}`, current: of.hash !== null && of.hash === row.servedOf },
          },
    withdrawn:
      withdrawnAt === null || withdrawnBy === null || withdrawnBecause === null
        ? null
        : { by: withdrawnBy, at: formatInstant(withdrawnAt), because: withdrawnBecause },
  }
}

const copyReply = (copy: PublicCopy) => ({
  ...copy,
  figures: copy.figures.map((each) => ({ ...each })),
  sections: copy.sections.map((each) => ({ ...each, lines: [...each.lines] })),
})

export function publicWire(needs: Needs, ports: PostmortemsPorts): (server: FastifyInstance, door: WireDoor) => void {
  const { database } = needs
  const html = (reply: FastifyReply, status: number, body: string) =>
    // Taken back means gone: no cache may hold it.
    reply.code(status).type('text/html; charset=utf-8').header('referrer-policy', 'no-referrer').send(body)
  const nothing = (reply: FastifyReply) =>
    html(reply, 404, goneHtml('There is nothing here', 'The review was taken back, or the address is not whole.'))
  return (server, door) => {
    server.get('/reviews/page.css', { config: { operationId: 'postmortems.serve-public' } }, (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(publicStyle),
    )
    server.get('/reviews/:token', { config: { operationId: 'postmortems.serve-public' } }, async (request, reply) => {
      await door.admit(request, contract.servePublic)
      const { params } = request
      const token = typeof params === 'object' && params !== null && 'token' in params ? params.token : null
      const found = typeof token === 'string' && /^[\w-]{32}$/.test(token) ? await findServed(database, token) : null
      if (found?.served == null || found.servedHash === null || found.approvedAt === null) return nothing(reply)
      const publishedOn = formatInstant(found.approvedAt).slice(0, 10)
      return html(reply, 200, publicHtml({ copy: found.served, publishedOn, hash: found.servedHash }))
    })
    server.get(
      '/reviews/preview/:id',
      { config: { operationId: 'postmortems.preview-public' } },
      async (request, reply) => {
        const actor = await door.admit(request, contract.previewPublic)
        const id = idOf(request.params)
        await needPostmortem(database, id, readerFor(actor, await ports.declaredNameOf(actor)))
        const { copy, copyHash } = await publicOf(database, id)
        if (copy === null || copyHash === null) return nothing(reply)
        return html(reply, 200, publicHtml({ copy, publishedOn: null, hash: copyHash }))
      },
    )
  }
}
