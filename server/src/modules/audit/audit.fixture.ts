// A journal of its own for a test file: database, needs, key, and a few ways to write.
import { generateKeyPairSync, sign } from 'node:crypto'
import pg from 'pg'
import { expect } from 'vitest'
import { openRoomDatabase } from '../../../test/room-database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Database } from '../../platform/database/database.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { SigningKey } from './audit.ports.ts'
import { sealJournal } from './index.ts'
import { countLeaves } from './sealing.store.ts'

export interface JournalWorld {
  readonly database: Database
  readonly needs: Needs
  readonly signingKey: SigningKey
  /** A session of the tables' owner, who may do what the application may not. */
  readonly owner: pg.Client
  connect(): Promise<pg.Client>
  /** Seals until the journal has this many leaves: an analyze may hold the horizon for a moment. */
  sealTo(size: number): Promise<void>
  write(type: string, more?: { data?: JsonObject; actor?: Actor; subject?: string; links?: string[] }): Promise<number>
  close(): Promise<void>
}

export const ana: Extract<Actor, { kind: 'person' }> = {
  kind: 'person',
  id: 'p-ana',
  name: 'Ana',
  role: 'editor',
  teams: ['web'],
}

export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const x = publicKey.export({ format: 'jwk' }).x ?? ''
  return { publicKey: new Uint8Array(Buffer.from(x, 'base64url')), sign: (message) => sign(null, message, privateKey) }
}

export async function openJournalWorld(name: string): Promise<JournalWorld> {
  const room = await openRoomDatabase(name, { maxConnections: 12, publicUrl: 'http://localhost' })
  const { database, needs } = room
  const clients: pg.Client[] = []
  const connect = async () => {
    const client = new pg.Client({ ...room.connection, application_name: 'journal-test' })
    client.on('error', () => undefined)
    await client.connect()
    clients.push(client)
    return client
  }
  const owner = await connect()
  const subjectOf = (text: string) => {
    const colon = text.indexOf(':')
    return { kind: text.slice(0, colon), id: text.slice(colon + 1) }
  }
  return {
    database,
    needs,
    signingKey: createSigningKey(),
    owner,
    connect,
    sealTo: async (size) => {
      await expect
        .poll(async () => {
          await sealJournal(database)
          return countLeaves(database)
        })
        .toBe(size)
    },
    write: (type, more = {}) =>
      database.transaction((tx) =>
        needs.journal.publish(tx, defineEvent({ type, summary: type }), {
          actor: more.actor ?? ana,
          subject: subjectOf(more.subject ?? 'alert:a-1'),
          links: (more.links ?? []).map(subjectOf),
          data: more.data ?? { count: 1 },
        }),
      ),
    close: async () => {
      for (const client of clients) await client.end().catch(() => undefined)
      await room.close()
    },
  }
}
