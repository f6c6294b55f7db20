// Reference pages for people, made from the same tables that run: nothing in them is typed by hand.
import type { Names } from './load-names.ts'

const head = (title: string, sentence: string): string =>
  `# ${title}\n\n${sentence}\n\n<!-- Written by \`npm run golden\`. -->\n\n`
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')

export function errorsPage({ errors, operations }: Names): string {
  const answeredBy = (code: string) =>
    operations.filter((each) => each.errors?.includes(code)).map(({ id }) => `\`${id}\``)
  const rows = errors.map(({ code, summary }) => [`\`${code}\``, summary, answeredBy(code).join(', ')])
  return `${head('Errors', 'Every refusal is a problem (RFC 9457) with one of these stable codes in `code`.')}${table(['code', 'meaning', 'answered by'], rows)}\n`
}

export function eventsPage({ events }: Names): string {
  const rows = events.map(({ type, summary }) => [`\`${type}\``, summary])
  return `${head('Events', 'What the journal records and outgoing webhooks carry (CloudEvents 1.0, the name is the `type`).')}${table(['event', 'when'], rows)}\n`
}

export function permissionsPage({ operations, wire, permissions }: Names): string {
  const all = [...operations, ...wire.map((each) => ({ ...each, summary: 'In the format of another product' }))]
  const rows = all.map(({ id, method, path, summary }) => {
    const permission = permissions[id]
    const call = `\`${method} ${path}\``
    if (permission === undefined) return [`\`${id}\``, call, summary, 'nobody', '', '']
    if ('open' in permission) return [`\`${id}\``, call, summary, 'everybody', '', '']
    return [
      `\`${id}\``,
      call,
      summary,
      permission.role,
      permission.otherTeam ?? permission.role,
      `\`${permission.scope}\``,
    ]
  })
  const sentence =
    'The least role for each operation, on what the own team or nobody owns and on what another team owns, and the scope an API key needs beside it. viewer < responder < editor < admin.'
  return `${head('Permissions', sentence)}${table(['operation', 'request', 'what it does', 'role', 'role for another team', 'scope of a key'], rows)}\n`
}

export function configPage({ settings }: Names): string {
  const rows = settings.map(({ name, summary, default: otherwise, secret }) => [
    `\`${name}\``,
    summary,
    otherwise === null ? '' : `\`${otherwise}\``,
    secret === true ? `yes, or \`${name}_FILE\`` : '',
  ])
  const sentence =
    'Settings are read from the environment, then from the file named by `MAINSTAY_CONFIG_FILE`. An unknown name with our prefix stops the start. `mainstay config` shows what is in force.'
  return `${head('Configuration', sentence)}${table(['setting', 'meaning', 'default', 'secret'], rows)}\n`
}
