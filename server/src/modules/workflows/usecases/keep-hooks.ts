// Webhooks that workflows call: kept sealed, never read back.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { generateWebhookSecret, isWebhookSecret } from '../../../platform/egress/index.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findHook, type HookRow, removeHook, saveHook } from '../hooks.store.ts'
import { hookKept, hookRemoved } from '../workflows.contract.ts'
import type { WorkflowsPorts } from '../workflows.ports.ts'

export interface HookSettings {
  readonly url: string
  readonly secret: string
}

const contextOf = (name: string): string => `workflow-hook:${name}`

export function openHook(ports: Pick<WorkflowsPorts, 'open'>, row: Pick<HookRow, 'name' | 'settings'>): HookSettings {
  const kept: HookSettings = JSON.parse(ports.open(row.settings, contextOf(row.name)))
  return kept
}

export async function keepHook(
  needs: Needs,
  ports: WorkflowsPorts,
  order: {
    readonly name: string
    readonly url: string
    readonly secret: string | null
    readonly actor: Actor
    readonly by: string
  },
): Promise<{ readonly row: HookRow; readonly secret: string | null }> {
  const url = readUrl(order.url)
  if (order.secret !== null && !isWebhookSecret(order.secret))
    throw new AppError('invalid', 'workflows.bad-hook', 'The secret cannot sign.', {
      faults: [{ pointer: '/secret', detail: 'Write whsec_ and 24 to 64 bytes in base64, or leave it out.' }],
    })
  return needs.database.transaction(async (tx) => {
    const kept = await findHook(tx, order.name)
    const before = kept === null ? null : openHook(ports, kept)
    // A kept secret signs for the place it was made for, and for no other.
    const same = before !== null && new URL(before.url).origin === url.origin ? before.secret : null
    const made = order.secret === null && same === null ? generateWebhookSecret() : null
    const settings: HookSettings = { url: url.href, secret: order.secret ?? same ?? made ?? '' }
    const row = await saveHook(tx, {
      name: order.name,
      settings: ports.seal(JSON.stringify(settings), contextOf(order.name)),
      target: url.origin,
      changedBy: order.by,
      changedAt: await tx.now(),
    })
    await needs.journal.publish(tx, hookKept, {
      actor: order.actor,
      subject: { kind: 'workflow-hook', id: order.name },
      data: { hook: order.name, target: url.origin },
    })
    return { row, secret: made }
  })
}

export async function forgetHook(
  needs: Needs,
  { name, actor }: { readonly name: string; readonly actor: Actor },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const kept = await findHook(tx, name)
    if (kept === null || !(await removeHook(tx, name)))
      throw new AppError('not-found', 'workflows.unknown-hook', `There is no webhook "${name}".`)
    await needs.journal.publish(tx, hookRemoved, {
      actor,
      subject: { kind: 'workflow-hook', id: name },
      data: { hook: name, target: kept.target },
    })
  })
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '')
    return url
  throw new AppError('invalid', 'workflows.bad-hook', 'The address begins with https:// and holds no password.', {
    faults: [{ pointer: '/url', detail: 'Write it like https://hooks.example.com/incidents.' }],
  })
}
