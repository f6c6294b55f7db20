// Mirrors platform/journal/journal.ts (an entry and its subscribers' jobs in the transaction of the change) and
// audit/usecases/seal-journal.ts (every committed entry gets the next number, in the order of commits, without gaps).
// Sealed entries leave the model's table, so that a month fits into memory.
import type { Tx } from './database.ts'
import { addWork, rouse } from './work.ts'

export function publish(tx: Tx, type: string, subject: string): void {
  const id = tx.newNumber()
  tx.db.journal.put(String(id), { id, type, subject, at: tx.now })
  tx.note({ kind: 'journal', type, subject, id })
  if (type === 'escalation.resumed') addWork(tx, 'note-resumed', subject, null, { dueAt: tx.now })
  if (type === 'person.missed') addWork(tx, 'remember-missed', subject, null, { dueAt: tx.now })
  rouse(tx, 'seal', tx.now)
}

// As many as one transaction takes; the rest comes in the next one.
const batch = 250

export function sealJournal(tx: Tx): void {
  let size = tx.db.head.get('size') ?? 0
  for (const entry of [...tx.db.journal.all()].slice(0, batch)) {
    tx.note({ kind: 'sealed', number: tx.rules.sealNumber(size, entry.id), entry: entry.id })
    tx.db.journal.remove(String(entry.id))
    size += 1
  }
  tx.db.head.put('size', size)
}
