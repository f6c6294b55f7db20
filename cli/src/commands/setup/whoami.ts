import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail } from '../../print/output.ts'

export const whoami: Run = async (call) => {
  const api = await openApi(call)
  const session = await api.client['session.read']()
  const { person, key } = session
  await printDetail(call, {
    title: api.target.url,
    facts: [
      ['Known from', api.target.from],
      ['Person', person === null ? null : `${person.name} <${person.email}>`],
      ['Role', person?.role ?? null],
      ['Teams', person?.teams.join(', ') ?? null],
      ['Key', key?.name ?? null],
    ],
    name: person?.email ?? key?.name ?? 'unknown',
    document: { url: api.target.url, ...session },
  })
  return exitCodes.ok
}
