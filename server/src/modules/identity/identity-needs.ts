// What the use cases of this room are handed beside the usual needs.
import type { Tx } from '../../platform/database/database.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Authentication } from './authentication.ts'
import type { Passwords } from './passwords.ts'

export interface IdentityNeeds extends Needs {
  readonly passwords: Passwords
  readonly authentication: Authentication
}

/** Where a request comes from, for sessions and limits. */
export interface Visitor {
  readonly address: string
  readonly agent: string
}

/** A transaction after which nobody acts on rights of before: here at once, in other processes by a hint. */
export async function changeRights<T>(
  needs: Pick<IdentityNeeds, 'database' | 'authentication'>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const result = await needs.database.transaction(async (tx) => {
    tx.hint('mainstay_sessions')
    return work(tx)
  })
  needs.authentication.forget()
  return result
}
