import { hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import { listOrphans as listUnclaimed } from '../alerts/index.ts'
import { formatFacts, readSeverities, setUpOf } from './core/index.ts'
import type { Desk } from './desk.ts'
import * as contract from './intake.contract.ts'
import { findSource, listMinutes, listSamples, listSources } from './intake.store.ts'
import { countOrphans, findOrphan, listOrphans } from './orphans.store.ts'
import { presentOrphan, presentPreview, presentToken, summarizeSource } from './present-source.ts'
import { listTokens } from './tokens.store.ts'
import { countSecrets, issueToken, replaceSecret, revokeToken, sourceNamed } from './usecases/keys.ts'
import { previewDelivery } from './usecases/preview.ts'
import { dismissOrphan, replayOrphan } from './usecases/settle-orphan.ts'

export function intakeRoutes(desk: Desk): readonly BoundOperation[] {
  const { database, publicUrl } = desk.needs
  const teamOf = async (name: string) => (await findSource(database, name))?.source.team ?? null
  const ownerOf = ({ params }: { params: { name: string } }) => teamOf(params.name)
  const ownerOfOrphan = async ({ params }: { params: { id: string } }) => {
    const orphan = await findOrphan(database, params.id)
    return orphan === null ? null : teamOf(orphan.source)
  }
  const usualOverlap = 24 * hour

  return [
    route(contract.listSources, async () => {
      const now = await database.now()
      const [rows, minutes, orphans, tokens] = await Promise.all([
        listSources(database),
        listMinutes(database, null, plus(now, -60 * minute)),
        countOrphans(database),
        listTokens(database, null),
      ])
      const bySource = groupBySource(minutes)
      const tokensOf = groupBySource(tokens)
      return {
        items: rows.map((row) => {
          const { name } = row.source
          return summarizeSource(row, {
            now,
            minutes: bySource.get(name) ?? [],
            orphans: orphans.get(name)?.open ?? 0,
            tokens: tokensOf.get(name)?.length ?? 0,
          })
        }),
      }
    }),
    route(contract.readSource, async ({ params: { name } }) => {
      const row = await sourceNamed(desk, name)
      const now = await database.now()
      const [minutes, orphans, tokens, samples, secrets] = await Promise.all([
        listMinutes(database, name, plus(now, -60 * minute)),
        countOrphans(database),
        listTokens(database, name),
        listSamples(database, name),
        countSecrets(desk, name),
      ])
      const { source } = row
      const way = formatFacts[source.format].signature
      const can: 'none' | 'secret' | 'certificate' =
        way === 'sns'
          ? 'certificate'
          : way === 'none' || (way === 'chosen' && source.signing === null)
            ? 'none'
            : 'secret'
      return {
        ...summarizeSource(row, { now, minutes, orphans: orphans.get(name)?.open ?? 0, tokens: tokens.length }),
        address: `${publicUrl}/in/${name}`,
        declaredAt: formatInstant(row.declaredAt),
        perMinute: source.perMinute,
        expiresMs: source.expiresMs,
        mapping: source.mapping === null ? null : { ...source.mapping },
        severities: { ...source.severities },
        displaced: row.displaced,
        signature: { can, checked: can === 'certificate' || secrets > 0 || source.signing !== null, secrets },
        liveTokens: tokens.map(presentToken),
        samples: samples.map((each) => ({ ...each, receivedAt: formatInstant(each.receivedAt) })),
        setUp: [...setUpOf(source.format, { url: publicUrl, source: name, mail: desk.ports.mail?.host() ?? null })],
      }
    }),
    route(
      contract.issueToken,
      async ({ params, body, actor }) => {
        const { token, row } = await issueToken(desk, {
          source: params.name,
          overlapMs: body.overlapMs ?? usualOverlap,
          actor,
        })
        const { source } = await sourceNamed(desk, params.name)
        return {
          token,
          issued: presentToken(row),
          setUp: [
            ...setUpOf(source.format, { url: publicUrl, source: params.name, mail: desk.ports.mail?.host() ?? null }),
          ],
        }
      },
      ownerOf,
    ),
    route(
      contract.revokeToken,
      async ({ params, actor }) => {
        await revokeToken(desk, { source: params.name, id: params.id, actor })
        return null
      },
      ownerOf,
    ),
    route(
      contract.setSecret,
      async ({ params, body, actor }) => {
        const overlapMs = body.overlapMs ?? usualOverlap
        await replaceSecret(desk, { source: params.name, secret: body.secret, overlapMs, actor })
        return null
      },
      ownerOf,
    ),
    route(
      contract.removeSecret,
      async ({ params, actor }) => {
        await replaceSecret(desk, { source: params.name, secret: null, overlapMs: 0, actor })
        return null
      },
      ownerOf,
    ),
    route(contract.previewDelivery, async ({ body }) =>
      presentPreview(
        await previewDelivery(desk, {
          source: body.source ?? null,
          format: body.format ?? null,
          mapping: body.mapping ?? null,
          severities: body.severities === undefined ? null : readSeverities(body.severities),
          body: body.body,
        }),
      ),
    ),
    route(contract.listOrphans, async ({ query }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      return toPage(
        await listOrphans(database, query.source ?? null, before, limit + 1),
        limit,
        (row) => [row.lastAt, row.id],
        presentOrphan,
      )
    }),
    route(contract.listUnclaimed, async () => ({
      items: (await listUnclaimed(database, 100)).map((each) => ({
        ...each,
        receivedAt: formatInstant(each.receivedAt),
      })),
    })),
    route(contract.replayOrphan, ({ params, actor }) => replayOrphan(desk, { id: params.id, actor }), ownerOfOrphan),
    route(
      contract.dismissOrphan,
      async ({ params, body, actor }) => {
        await dismissOrphan(desk, { id: params.id, actor, reason: body.reason ?? null })
        return null
      },
      ownerOfOrphan,
    ),
  ]
}

function groupBySource<Row extends { readonly source: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const own = groups.get(row.source)
    if (own === undefined) groups.set(row.source, [row])
    else own.push(row)
  }
  return groups
}
