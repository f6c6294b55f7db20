// The declared kind Webhook: a machine that policies page. Its address is declared; its secret is not: it is made here,
// sealed, and replaced through the API.
import { Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import type { JsonValue } from '../../../kernel/json.ts'
import { Name } from '../../../platform/http/schemas.ts'
import type { ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { keepWebhook } from '../usecases/change-webhooks.ts'
import { findWebhook, removeWebhook } from '../webhooks.store.ts'

const Spec = Type.Object({
  url: Type.String({
    pattern: '^https?://',
    minLength: 10,
    maxLength: 2000,
    description:
      'Where it listens. Whoever may read the catalog reads it, so nothing secret belongs into it: requests are signed.',
  }),
  team: Type.Optional(Name),
})

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const teamOf = ({ spec }: ResourceDocument): string | null => text(spec.team) || null

export function webhookKind(ports: Pick<NotificationPorts, 'seal' | 'open'>): ResourceKind {
  return {
    apiVersion: 'mainstay.dev/v1',
    kind: 'Webhook',
    plural: 'webhooks',
    aliases: ['webhook'],
    summary: 'A machine that escalation policies page: a signed request to its address',
    order: 55,
    spec: Spec,
    owner: teamOf,
    references: (document) => {
      const name = teamOf(document)
      return name === null ? [] : [{ kind: 'Team', name, pointer: '/spec/team' }]
    },
    admit: ({ spec }) => ({ faults: unclearAddress(text(spec.url)), warnings: plainAddress(text(spec.url)) }),
    check: async (tx, { metadata, spec }) => {
      const known = await findWebhook(tx, metadata.name)
      return { faults: [], warnings: known === null || hostOf(known.url) === hostOf(text(spec.url)) ? [] : [moved] }
    },
    saved: (tx, { after }) =>
      keepWebhook(tx, ports, { name: after.metadata.name, url: text(after.spec.url), team: teamOf(after) }),
    removed: (tx, { metadata }) => removeWebhook(tx, metadata.name),
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '')

const moved: Fault = {
  pointer: '/spec/url',
  detail: 'It moves to another host and gets another secret: the one there is signs for the place it was made for.',
}

function unclearAddress(url: string): readonly Fault[] {
  const pointer = '/spec/url'
  // What the parser would drop silently is not what was written.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point.
  if (!URL.canParse(url) || /[\u0000-\u0020\u007f\\]/.test(url))
    return [{ pointer, detail: 'Write it like https://hooks.example.com/pages.' }]
  const { username, password, port } = new URL(url)
  if (username !== '' || password !== '')
    return [{ pointer, detail: 'It holds a user name or a password, which everybody could read. Leave them out.' }]
  return port === '0' ? [{ pointer, detail: 'Nothing listens on port 0.' }] : []
}

function plainAddress(url: string): readonly Fault[] {
  if (!url.startsWith('http://')) return []
  const detail = 'Without TLS everybody on the way reads what it is told; the signature shows only who sent it.'
  return [{ pointer: '/spec/url', detail }]
}
