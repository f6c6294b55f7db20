// A database of its own for a test file: a clone of the migrated template, gone after use.
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import type { ConnectionSettings } from '../src/platform/database/connection.ts'
import { administer } from './cluster.ts'

export interface TestDatabase {
  readonly connection: ConnectionSettings
  /** Drops the database; fails when somebody forgot to close a session. */
  close(): Promise<void>
}

const templateInUse = '55006'
const cloneAttempts = 50

export async function openTestDatabase(name = 'db'): Promise<TestDatabase> {
  const { admin, template, prefix } = inject('cluster')
  const database = `${prefix}${name
    .replaceAll(/[^a-z0-9]+/gi, '_')
    .slice(0, 20)
    .toLowerCase()}_${randomBytes(4).toString('hex')}`
  await administer(admin, (client) => clone(client, database, template))
  return {
    connection: { ...admin, database },
    close: () =>
      administer(admin, async (client) => {
        const leaked = await sessionsLeft(client, database)
        await client.query(`drop database ${pg.escapeIdentifier(database)} with (force)`)
        if (leaked.length > 0)
          throw new Error(`${leaked.length} sessions of ${name} were never closed:\n${leaked.join('\n')}`)
      }),
  }
}

async function clone(client: pg.Client, database: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`create database ${pg.escapeIdentifier(database)} template ${pg.escapeIdentifier(template)}`)
      return
    } catch (error) {
      // Autovacuum may be looking at the template.
      if (!(error instanceof pg.DatabaseError) || error.code !== templateInUse || attempt === cloneAttempts) throw error
      await wait(20)
    }
  }
}

// The server ends a session a moment after its client has left, so it is given two seconds.
async function sessionsLeft(client: pg.Client, database: string): Promise<readonly string[]> {
  const until = performance.now() + 2_000
  for (;;) {
    const { rows } = await client.query<{ session: string }>(
      `select format('pid %s, %s, %s: %s', pid, application_name, state, left(query, 200)) as session
         from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [database],
    )
    if (rows.length === 0 || performance.now() > until) return rows.map((row) => row.session)
    await wait(10)
  }
}
