// Takes the secrets out of an alertmanager.yml and leaves every line where it was. Written as Alertmanager shows them.
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'

const secretKeys =
  /(password|secret|token|credentials|api_key|service_key|routing_key|user_key|incoming_url|slack_api_url)$/
// An address that is itself the permission to write to it.
const secretAddresses: Readonly<Record<string, readonly string[]>> = {
  webhook_configs: ['url'],
  slack_configs: ['api_url'],
  discord_configs: ['webhook_url'],
  msteams_configs: ['webhook_url'],
  msteamsv2_configs: ['webhook_url'],
  mattermost_configs: ['webhook_url'],
}
const placeholder = '<secret>'
// Where an address is expected, programs want to read one.
const addressPlaceholder = 'https://redacted.invalid/'

export function redactConfig(text: string): string {
  const document = parseDocument(text)
  const found: { readonly from: number; readonly to: number; readonly by: string }[] = []
  walk(document.contents as Node | null, [], found)
  return found
    .sort((a, b) => b.from - a.from)
    .reduce(
      (whole, { from, to, by }) =>
        `${whole.slice(0, from)}"${by}"${blankLines(whole.slice(from, to))}${whole.slice(to)}`,
      text,
    )
}

/** A secret over several lines leaves as many behind, so that the lines below keep their numbers. */
function blankLines(removed: string): string {
  return removed.replaceAll(/[^\n]/g, '').replace(/\n$/, '') + (removed.endsWith('\n') ? '\n' : '')
}

function walk(node: Node | null, path: readonly string[], found: { from: number; to: number; by: string }[]): void {
  if (isSeq(node)) for (const item of node.items) walk(item as Node, path, found)
  if (!isMap(node)) return
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const inside = path.find((each) => each.endsWith('_configs')) ?? ''
    const isSecret = secretKeys.test(name) || (secretAddresses[inside] ?? []).includes(name)
    const range = (value as Node | null)?.range
    if (isSecret && isScalar(value) && value.value !== null && range !== undefined && range !== null)
      found.push({ from: range[0], to: range[1], by: /url$/.test(name) ? addressPlaceholder : placeholder })
    else walk(value as Node | null, [...path, name], found)
  }
}
