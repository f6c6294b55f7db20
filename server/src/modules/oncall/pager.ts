// What the room that owns alerts asks of oncall, inside its own transactions.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { EndedPage } from '../notifications/core/index.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { type AlertFacts, type EscalationRow, saveFacts } from './oncall.store.ts'
import { applyInput, resolveEscalation } from './usecases/answer-escalation.ts'
import { type Opened, type OpenOrder, openEscalation } from './usecases/open-escalation.ts'

interface Of {
  readonly alertId: string
  /** Shown in the journal; the product itself unless said. */
  readonly actor?: Actor
}
interface By extends Of {
  /** A Person of the catalog, or any name for who is none. */
  readonly by: string
}

/** Every answer but `open` is null when nothing is escalated for the alert. */
export interface Pager {
  readonly open: (tx: Tx, order: OpenOrder) => Promise<Opened>
  /** Again on an acknowledged one: "still on it". `timeoutMs` replaces the policy's for this time; null means never. */
  readonly acknowledge: (tx: Tx, order: By & { readonly timeoutMs?: number | null }) => Promise<EscalationRow | null>
  readonly unacknowledge: (tx: Tx, order: By) => Promise<EscalationRow | null>
  readonly snooze: (tx: Tx, order: By & { readonly until: Instant }) => Promise<EscalationRow | null>
  readonly resolve: (tx: Tx, order: Of & { readonly ended: EndedPage['ended'] }) => Promise<void>
  readonly escalateNow: (tx: Tx, order: By) => Promise<EscalationRow | null>
  readonly reassign: (tx: Tx, order: By & { readonly people: readonly string[] }) => Promise<EscalationRow | null>
  /** What its pages say from now on, also those that are planned and not yet sent. */
  readonly describe: (
    tx: Tx,
    pages: readonly { readonly alertId: string; readonly facts: AlertFacts }[],
  ) => Promise<void>
  readonly raiseUrgency: (tx: Tx, order: Of & { readonly because: string }) => Promise<EscalationRow | null>
}

export function createPager(needs: Needs, ports: OncallPorts): Pager {
  const apply = (tx: Tx, { alertId, actor }: Of, input: Parameters<typeof applyInput>[3]['input']) =>
    applyInput(tx, needs, ports, { alertId, input, ...(actor === undefined ? {} : { actor }) })
  return {
    open: (tx, order) => openEscalation(tx, needs, ports, order),
    acknowledge: (tx, order) =>
      apply(tx, order, {
        kind: 'acknowledge',
        by: order.by,
        ...(order.timeoutMs === undefined ? {} : { timeoutMs: order.timeoutMs }),
      }),
    unacknowledge: (tx, order) => apply(tx, order, { kind: 'unacknowledge', by: order.by }),
    snooze: (tx, order) => apply(tx, order, { kind: 'snooze', by: order.by, until: order.until }),
    resolve: (tx, order) => resolveEscalation(tx, needs, ports, order),
    escalateNow: (tx, order) => apply(tx, order, { kind: 'escalate', by: order.by }),
    reassign: (tx, order) => apply(tx, order, { kind: 'reassign-people', by: order.by, people: order.people }),
    describe: async (tx, pages) => {
      const changed = await saveFacts(tx, pages)
      await ports.notifier.describePages(
        tx,
        pages.filter(({ alertId }) => changed.has(alertId)),
      )
    },
    raiseUrgency: (tx, order) => apply(tx, order, { kind: 'raise-urgency', because: order.because }),
  }
}
