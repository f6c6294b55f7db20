import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail } from '../../print/output.ts'
import { exactAndAgo } from '../../print/times.ts'

export const whoami: Run = async (call) => {
  const { shell } = call
  const api = await openApi(call)
  const session = await api.client['session.read']()
  const { person, key } = session
  await printDetail(call, {
    title: api.target.url,
    facts: [
      ['Known from', api.target.from],
      ['Person', person === null ? null : `${person.name} <${person.email}>`],
      ['Key', key?.name ?? null],
      [
        'Made by',
        key === null ? null : key.owner === null ? 'the server itself' : `${key.owner.name} <${key.owner.email}>`,
      ],
      ['Role', person?.role ?? key?.role ?? null],
      ['Teams', (person ?? key)?.teams.join(', ') ?? null],
      ['Scopes', key?.scopes.join(', ') ?? null],
      ['Ends', key === null || key.expiresAt === null ? null : exactAndAgo(key.expiresAt, shell.zone, shell.now())],
    ],
    name: person?.email ?? key?.name ?? 'unknown',
    document: { url: api.target.url, ...session },
  })
  return exitCodes.ok
}
