// People, keys and sessions as the API shows them.
import type { Actor } from '../../kernel/actor.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { KeyReply, PersonReply, SessionReply } from './identity.contract.ts'
import type { ApiKey } from './keys.store.ts'
import type { Person } from './people.store.ts'
import type { Session } from './sessions.store.ts'

export function presentPerson(person: Person): PersonReply {
  const { id, email, name, role, teams, timeZone, hasPassword, linked, version } = person
  const createdAt = formatInstant(person.createdAt)
  const disabled = person.disabledAt !== null
  return { id, email, name, role, teams: [...teams], timeZone, disabled, hasPassword, linked, createdAt, version }
}

export function presentKey(key: ApiKey): KeyReply {
  return {
    ...key,
    scopes: [...key.scopes],
    teams: [...key.teams],
    createdBy: key.createdBy === null ? null : { ...key.createdBy },
    createdAt: formatInstant(key.createdAt),
    expiresAt: maybe(key.expiresAt),
    usedAt: maybe(key.usedAt),
    revokedAt: maybe(key.revokedAt),
  }
}

export function presentKeyInUse(key: ApiKey, actor: Extract<Actor, { kind: 'key' }>, maker: Person | null) {
  return {
    id: key.id,
    name: key.name,
    role: actor.role,
    scopes: [...actor.scopes],
    teams: [...actor.teams],
    service: key.service,
    expiresAt: maybe(key.expiresAt),
    owner: maker === null ? null : { id: maker.id, name: maker.name, email: maker.email },
  }
}

export function presentSession(session: Session, currentId: string | null): SessionReply {
  const { id, personId, personName, startedAt, seenAt, address, agent, method } = session
  return {
    id,
    person: { id: personId, name: personName },
    startedAt: formatInstant(startedAt),
    seenAt: formatInstant(seenAt),
    address,
    agent,
    method,
    current: id === currentId,
  }
}

const maybe = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))
