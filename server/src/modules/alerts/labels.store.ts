// All SQL that writes the labels of open alerts: a narrow row beside each, by which rules and programs find it.
import type { Tx } from '../../platform/database/database.ts'
import { json, type RawBuilder, sql } from '../../platform/database/queries.ts'
import type { Signal } from './core/index.ts'

/** As part of the statement that inserts the alerts, of its rows `fresh`. */
export const insertingLabels: RawBuilder<unknown> = sql`
  insert into alert_labels (alert_id, fingerprint, labels) select id, signal ->> 'fingerprint', signal -> 'labels' from fresh`

/** As part of the statement that ends the alerts `ends`. */
export const deletingLabels: RawBuilder<unknown> = sql`delete from alert_labels own using ends where own.alert_id = ends.id`

/** Of senders that name an alert by a key the labels may change while it is open. */
export async function saveLabels(tx: Tx, id: string, { fingerprint, labels }: Signal): Promise<void> {
  await tx.run(sql`
    update alert_labels set fingerprint = ${fingerprint}, labels = ${json(labels)}
    where alert_id = ${id} and (fingerprint, labels) is distinct from (${fingerprint}, ${json(labels)})`)
}
