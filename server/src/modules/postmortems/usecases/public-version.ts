// The public version: prepared from what is published, let out as it was seen, taken back.
import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind } from '../../catalog/index.ts'
import { type IncidentRole, incidentRoles } from '../../incidents/core/index.ts'
import { listActionsOf } from '../actions.store.ts'
import {
  canonicalJson,
  composePublic,
  type PersonNamed,
  type PublicChoices,
  type PublicCopy,
  type PublicSource,
  somebody,
  usualChoices,
} from '../core/index.ts'
import { readPolicyOfReviews } from '../kinds/postmortem-policy.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'
import { listSections, type PostmortemRow } from '../postmortems.store.ts'
import * as contract from '../public.contract.ts'
import { findPublic, type PublicRow, savePublic } from '../public.store.ts'
import { dataOf, entryOf, loadPostmortem, type Order } from './postmortem-entry.ts'

const mostPeople = 50_000
const sign = (actor: Actor): string => `${actor.kind}:${actor.id}`
const hashOf = (copy: PublicCopy): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        ...copy,
        figures: copy.figures.map((each) => ({ ...each })),
        sections: copy.sections.map((each) => ({ ...each })),
      }),
    )
    .digest('hex')

const nothing = (postmortemId: string): PublicRow => ({
  ...{ postmortemId, choices: usualChoices, copy: null, copyHash: null, ofHash: null },
  ...{ preparedBy: null, preparedActor: null, preparedAt: null },
  ...{ served: null, servedHash: null, servedOf: null, approvedBy: null, approvedAt: null, token: null },
  ...{ withdrawnBy: null, withdrawnAt: null, withdrawnBecause: null },
})

export async function publicOf(queries: Queries, id: string): Promise<PublicRow> {
  return (await findPublic(queries, id)) ?? nothing(id)
}

export async function prepareVersion(
  needs: Needs,
  ports: Pick<PostmortemsPorts, 'accounts'>,
  order: Order & { readonly choices: PublicChoices },
): Promise<PublicRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadPostmortem(tx, order)
    if (row.status !== 'published')
      throw new AppError(
        'conflict',
        'postmortems.not-published',
        'Publish it first: the public version is made of that.',
      )
    const verdict = composePublic(await sourceOf(tx, ports, row, order.choices), order.choices)
    if (!verdict.ok)
      throw new AppError('invalid', 'postmortems.public-unsafe', verdict.detail, {
        faults: [{ pointer: verdict.pointer, detail: verdict.detail }],
      })
    const copyHash = hashOf(verdict.copy)
    const saved: PublicRow = {
      ...(await publicOf(tx, row.id)),
      ...{ choices: order.choices, copy: verdict.copy, copyHash, ofHash: row.hash },
      ...{ preparedBy: order.by, preparedActor: sign(order.actor), preparedAt: await tx.now() },
    }
    await savePublic(tx, saved)
    await tell(tx, needs, contract.publicPrepared, { row, order, hash: copyHash })
    return saved
  })
}

/** By the hash of the preview: what leaves is what somebody looked at, not what was prepared since. */
export async function approveVersion(needs: Needs, order: Order & { readonly hash: string }): Promise<PublicRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadPostmortem(tx, order)
    const prepared = await publicOf(tx, row.id)
    const { copy, copyHash, ofHash } = prepared
    if (copy === null || copyHash === null)
      throw new AppError('conflict', 'postmortems.not-prepared', 'No public version waits to be let out.')
    if (copyHash !== order.hash || row.hash !== ofHash)
      throw new AppError(
        'conflict',
        'postmortems.public-changed',
        row.hash === ofHash
          ? 'It was prepared anew since you looked at it. Read the preview again.'
          : 'The postmortem was corrected since it was prepared. Prepare it again.',
      )
    const policy = await readPolicyOfReviews(tx)
    // By the name, too: a key of one's own is no second person.
    const isSame = prepared.preparedActor === sign(order.actor) || prepared.preparedBy === order.by
    if (policy.publicBySecond && isSame)
      throw new AppError(
        'forbidden',
        'postmortems.second-missing',
        'You prepared it, so somebody else lets it out. A PostmortemPolicy with publicBySecond: false changes that.',
      )
    const saved: PublicRow = {
      ...prepared,
      ...{ copy: null, copyHash: null, ofHash: null, preparedBy: null, preparedActor: null, preparedAt: null },
      ...{ served: copy, servedHash: copyHash, servedOf: ofHash, approvedBy: order.by, approvedAt: await tx.now() },
      // A corrected version stands where the one before stood; after a withdrawal the address is another one.
      token: prepared.served === null ? randomBytes(24).toString('base64url') : prepared.token,
      ...{ withdrawnBy: null, withdrawnAt: null, withdrawnBecause: null },
    }
    await savePublic(tx, saved)
    await tell(tx, needs, contract.publicApproved, { row, order, hash: copyHash })
    return saved
  })
}

export async function withdrawVersion(needs: Needs, order: Order & { readonly reason: string }): Promise<PublicRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadPostmortem(tx, order)
    const known = await publicOf(tx, row.id)
    if (known.served === null || known.servedHash === null)
      throw new AppError('conflict', 'postmortems.not-public', 'Nothing of it is public.')
    const saved: PublicRow = {
      ...known,
      ...{ served: null, servedHash: null, servedOf: null, approvedBy: null, approvedAt: null, token: null },
      ...{ withdrawnBy: order.by, withdrawnAt: await tx.now(), withdrawnBecause: order.reason },
    }
    await savePublic(tx, saved)
    await tell(tx, needs, contract.publicWithdrawn, { row, order, hash: known.servedHash, reason: order.reason })
    return saved
  })
}

interface Told {
  readonly row: PostmortemRow
  readonly order: Order
  readonly hash: string
  readonly reason?: string
}

type PublicEvent = EventType<ReturnType<typeof dataOf> & { readonly hash: string }>

async function tell(tx: Tx, needs: Needs, event: PublicEvent, { row, order, hash, reason }: Told): Promise<void> {
  await needs.journal.publish(tx, event, {
    ...(await entryOf(tx, row, order.actor, reason)),
    data: { ...dataOf(row), hash },
  })
}

async function sourceOf(
  tx: Tx,
  ports: Pick<PostmortemsPorts, 'accounts'>,
  row: PostmortemRow,
  choices: PublicChoices,
): Promise<PublicSource> {
  const { facts } = row
  const sections = await listSections(tx, row.id)
  const actions = (await listActionsOf(tx, [row.id])).filter((each) => each.state !== 'dropped')
  const { minutes, statement } = facts.impact
  const inMinutes = (ms: number) => `${Math.round(ms / 60_000)} min`
  return {
    title: row.title,
    organisation: (await readPolicyOfReviews(tx)).organisation,
    severity: row.severity,
    services: row.services,
    figures: [
      ...facts.times.flatMap(({ name, at }): (readonly [string, string])[] =>
        at === null ? [] : [[name, shownTime(at)]],
      ),
      ...(minutes === null ? [] : [['Users hurt for', `${Math.round(minutes)} min`] as const]),
      ...(statement === null ? [] : [['Impact', statement] as const]),
      ...facts.measures.flatMap(({ name, ms }): (readonly [string, string])[] =>
        ms === null ? [] : [[name, inMinutes(ms)]],
      ),
    ],
    timeline: facts.timeline.map(({ at, sentence }) => ({ at: shownTime(at), sentence })),
    factors: row.factors.map((each) => each.text),
    actions: actions.map(
      (each) =>
        `${each.title} (${each.state === 'proven' ? 'done and proven' : each.state === 'proving' ? 'done, being proven' : 'under way'})`,
    ),
    sections: Object.fromEntries(sections.map((each) => [each.section, each.body])),
    people: await peopleNamed(tx, ports, row, {
      choices,
      alsoNamed: [
        ...actions.flatMap((each) => [each.owner, each.createdBy]),
        ...sections.map((each) => each.updatedBy),
      ],
    }),
  }
}

/** `2026-03-02 03:04 UTC`: a reader outside is in some other zone. */
const shownTime = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`

const roleWords: Readonly<Record<IncidentRole, string>> = {
  commander: 'the incident commander',
  deputy: 'the deputy commander',
  'operations-lead': 'the operations lead',
  'communications-lead': 'the communications lead',
  scribe: 'the scribe',
  expert: 'an expert',
  observer: 'an observer',
}
const roleOf = (role: string): string => {
  const known = incidentRoles.find((each) => each === role)
  return known === undefined ? somebody : roleWords[known]
}

/** Everybody the house knows, and whoever the postmortem names; whom the choices or the incident give a role, first. */
async function peopleNamed(
  tx: Tx,
  { accounts }: Pick<PostmortemsPorts, 'accounts'>,
  row: PostmortemRow,
  { choices, alsoNamed }: { readonly choices: PublicChoices; readonly alsoNamed: readonly string[] },
): Promise<readonly PersonNamed[]> {
  const roles = new Map(
    row.facts.responders.flatMap((each): (readonly [string, string])[] => {
      const [, person, role] = /^(.*) \(([^()]*)\)$/.exec(each) ?? []
      return person === undefined || role === undefined ? [] : [[person, roleOf(role)]]
    }),
  )
  for (const { person, role } of choices.roles) roles.set(person, role)
  const forms = new Map<string, string[]>()
  const add = (name: string, ...more: readonly string[]) => forms.set(name, [...(forms.get(name) ?? [name]), ...more])
  for (const { name, document } of await listByKind(tx, 'Person', null, mostPeople)) {
    const { email } = document.spec
    add(
      name,
      ...(document.metadata.displayName === undefined ? [] : [document.metadata.displayName]),
      ...(typeof email === 'string' ? [email] : []),
    )
  }
  for (const { name, email } of (await accounts?.(tx)) ?? []) add(name, email)
  const { timeline } = row.facts
  for (const name of [
    ...roles.keys(),
    ...alsoNamed,
    row.owner,
    row.openedBy,
    row.approvedBy,
    ...timeline.map((each) => each.actor),
  ])
    if (name !== null && name !== 'Mainstay' && !forms.has(name)) add(name)
  const named = [...forms].map(([name, own]) => ({
    role: roles.get(name) ?? somebody,
    forms: own,
    isKnown: roles.has(name),
  }))
  return named.sort((a, b) => Number(b.isKnown) - Number(a.isKnown))
}
