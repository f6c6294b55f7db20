// Webhooks that escalation policies page, from a terminal. They are declared with `mainstay apply`.
import type { Webhook } from '../../../../client/src/operations.gen.ts'
import { type Api, notFound, openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exactAndAgo } from '../../print/times.ts'
import { readGivenFile } from './given-file.ts'

export const listWebhooks: Run = async (call) => {
  await printWebhooks(call, await openApi(call))
  return exitCodes.ok
}

export async function printWebhooks(call: Call, api: Api): Promise<void> {
  const { items } = await api.client['webhooks.list']()
  const now = call.shell.now()
  await printListing<Webhook>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'ADDRESS', of: (row) => row.url, elastic: true },
      { header: 'TEAM', of: (row) => row.team },
      { header: 'TOLD', of: (row) => (row.last === null ? 'never' : ago(row.last.at, now)) },
      { header: 'CAME OF IT', of: (row) => row.last?.because ?? row.last?.state ?? null, elastic: true },
      { header: 'SECRET OF', of: (row) => ago(row.secretAt, now), wide: true },
    ],
    nameOf: (row) => `webhook/${row.name}`,
    none: 'No webhooks. Declare one: mainstay apply -f webhook.yaml',
  })
}

export const showWebhook: Run = async (call) => {
  const [name = ''] = call.args
  const api = await openApi(call)
  const { items } = await api.client['webhooks.list']()
  const found = items.find((each) => each.name === name)
  if (found === undefined)
    throw notFound(`There is no Webhook ${name}.`, `There are: ${items.map((each) => each.name).join(', ') || 'none'}.`)
  const { zone, now } = call.shell
  const when = (time: string) => exactAndAgo(time, zone, now())
  const policies = await policiesThatName(api, name)
  await printDetail(call, {
    title: `Webhook ${found.name}`,
    facts: [
      ['Address', harmless(found.url)],
      ['Team', found.team ?? 'nobody owns it'],
      [
        'Signs since',
        `${when(found.secretAt)}${found.secretBy === null ? '; nobody has read its secret' : `, by ${found.secretBy}`}`,
      ],
      ['The secret before', found.formerUntil === null ? null : `signs as well until ${when(found.formerUntil)}`],
      [
        'Last told',
        found.last === null ? 'never' : `${when(found.last.at)}: ${harmless(found.last.because ?? found.last.state)}`,
      ],
    ],
    sections: [{ title: 'Named by', lines: policies.map((each) => `policy ${each}`) }],
    name: `webhook/${found.name}`,
    document: found,
  })
  return exitCodes.ok
}

async function policiesThatName(api: Api, webhook: string): Promise<readonly string[]> {
  const { items } = await api.client['resources.list']({
    params: { plural: 'escalation-policies' },
    query: { limit: 1_000 },
  })
  return items.flatMap(({ metadata, spec }) => (namesIt(spec, webhook) ? [metadata.name] : []))
}

const namesIt = ({ levels }: Readonly<Record<string, unknown>>, webhook: string): boolean =>
  Array.isArray(levels) &&
  levels.some(({ notify }) => Array.isArray(notify) && notify.some((target) => target?.webhook === webhook))

export const replaceSecret: Run = async (call) => {
  const [name = ''] = call.args
  const file = call.options.text('secret-file')
  const given = file === null ? null : (await readGivenFile(call, file)).trim()
  const api = await openApi(call)
  const { secret } = await api.client['webhooks.replace-secret']({
    params: { name },
    body: given === null ? {} : { secret: given },
  })
  if (secret === null) say(call, 'Replaced. The one before signs as well for a day.')
  else {
    say(call, 'Replaced; the one before signs as well for a day. The new one is not shown again:')
    call.shell.out.write(`${secret}\n`)
  }
  return exitCodes.ok
}

export const testWebhook: Run = async (call) => {
  const api = await openApi(call)
  await api.client['webhooks.test']({ params: { name: call.args[0] ?? '' } })
  say(call, 'On its way. `mainstay webhook list` says what came of it.')
  return exitCodes.ok
}
