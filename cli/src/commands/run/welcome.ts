// What `mainstay up` shows: one calm screen with the address, the way in, and what to try next.
import type { Style } from '../../print/style.ts'
import type { Shell } from '../../shell.ts'

export interface Started {
  readonly url: string
  readonly setupUrl: string | null
  readonly description: string
  /** The address of the demo shop. */
  readonly shop: string | null
}

export function welcome(started: Started, shell: Pick<Shell, 'environment' | 'version'>, style: Style): string {
  const { url, setupUrl, shop, description } = started
  // After `npm start` there is no `mainstay` on the path.
  const [program, demo] =
    shell.environment.npm_lifecycle_event !== 'start'
      ? ['mainstay', 'mainstay demo']
      : ['node dist/mainstay.js', 'npm run demo --']
  const facts: readonly (readonly [string, string, string])[] = [
    ['Console', url, ''],
    ...(setupUrl === null ? [] : [['First visit', setupUrl, 'one-time link: makes you the administrator'] as const]),
    ...(shop === null ? [] : [['Demo shop', shop, 'six real services, with customers'] as const]),
    ['Data', description, ''],
  ]
  const steps =
    shop === null
      ? [
          setupUrl === null ? `Sign in at ${url}` : 'Open the link above and choose a password.',
          `Connect this terminal:   ${style.strong(`${program} login`)}`,
          `Declare what you run:    ${style.strong(`${program} apply -f services.yaml`)}`,
        ]
      : [
          setupUrl === null ? `Sign in at ${url}` : 'Open the link above and choose a password.',
          `Break something:         ${style.strong(`${demo} break payment`)}`,
          'Watch: the objective burns, an alert opens, somebody is paged. Acknowledge it.',
          `Repair it:               ${style.strong(`${demo} repair`)}`,
          `From this terminal:      ${style.strong(`${program} login`)}, then ${style.strong(`${program} alerts list`)}`,
        ]
  return [
    '',
    `  ${style.ok('✓')} ${style.strong(`Mainstay ${shell.version} is running`)}`,
    '',
    ...facts.map(
      ([label, value, note]) =>
        `  ${style.faint(label.padEnd(12))} ${value}${note === '' ? '' : `\n  ${' '.repeat(12)} ${style.faint(note)}`}`,
    ),
    '',
    `  ${style.strong('Try next')}`,
    ...steps.map((step, index) => `  ${style.faint(`${index + 1}`)}  ${step}`),
    '',
    `  ${style.faint('Ctrl-C stops everything.')}`,
    '',
    '',
  ].join('\n')
}
