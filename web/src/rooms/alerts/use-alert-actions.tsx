// The commands on alerts, the same on the list, in the panel and on the page: a, s, and resolve.
import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useCommands } from '../../parts/command-hooks.ts'
import { Menu } from '../../parts/menu.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { type Alert, type AlertVerb, oncall } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay, usePerson } from '../../shell/session.tsx'
import { say } from '../../shell/undo.tsx'
import { alertName } from '../../shell/words.ts'
import { carryOut, rateAll } from './alert-actions.ts'

const snoozes = [
  { title: 'For 30 minutes', ms: 1_800_000 },
  { title: 'For 2 hours', ms: 7_200_000 },
  { title: 'For 8 hours', ms: 28_800_000 },
  { title: 'For a day', ms: 86_400_000 },
] as const

export interface AlertActions {
  readonly buttons: ReactNode
  readonly problem: ReactNode
}

/** `targets` are the alerts the next key press is about. */
export function useAlertActions(targets: readonly Alert[], after?: () => void, up = false): AlertActions {
  const person = usePerson()
  const may = useMay('responder')
  const [failed, setFailed] = useState<{ readonly error: unknown; readonly again: () => void } | null>(null)
  const [snoozing, setSnoozing] = useState(false)
  const [rating, setRating] = useState(false)
  const act = (verb: AlertVerb, forMs?: number, useful?: boolean) => {
    setFailed(null)
    carryOut({
      rows: targets,
      verb,
      by: person.name,
      ...(forMs === undefined ? {} : { forMs }),
      ...(useful === undefined ? {} : { useful }),
    }).then(
      () => after?.(),
      (error: unknown) => setFailed({ error, again: () => act(verb, forMs, useful) }),
    )
  }
  const escalate = (alert: Alert) => {
    setFailed(null)
    oncall.escalate(alert.id).then(
      (escalation) => {
        say({ sentence: `${alertName(alert)}: the next level is paged now (${escalation.policy}).`, undo: null })
        void queries.invalidateQueries({ queryKey: ['alerts'] })
      },
      (error: unknown) => setFailed({ error, again: () => escalate(alert) }),
    )
  }
  const rate = (useful: boolean | null) => {
    setFailed(null)
    rateAll(targets, useful).catch((error: unknown) => setFailed({ error, again: () => rate(useful) }))
  }
  const [single] = targets.length === 1 ? targets : []
  const firing = targets.some((each) => each.status === 'firing')
  const open = targets.some((each) => each.status !== 'resolved')
  const worth = [
    ...(firing
      ? [
          { title: 'Acknowledge: worth it', run: () => act('acknowledge', undefined, true) },
          { title: 'Acknowledge: noise', run: () => act('acknowledge', undefined, false) },
        ]
      : []),
    ...(open
      ? [
          { title: 'Resolve: worth it', run: () => act('resolve', undefined, true) },
          { title: 'Resolve: noise', run: () => act('resolve', undefined, false) },
        ]
      : [
          { title: 'It was worth it', run: () => rate(true) },
          { title: 'It was noise', run: () => rate(false) },
        ]),
    ...(targets.some((each) => each.useful !== null) ? [{ title: 'Take it back', run: () => rate(null) }] : []),
  ]
  const acknowledged = targets.length > 0 && targets.every((each) => each.status === 'acknowledged')
  useCommands(
    !may || targets.length === 0
      ? []
      : [
          ...(firing
            ? [
                {
                  id: 'alerts.acknowledge',
                  title: 'Acknowledge',
                  group: 'Alerts',
                  keys: 'a',
                  run: () => act('acknowledge'),
                },
              ]
            : []),
          ...(single !== undefined && single.status !== 'resolved'
            ? [
                {
                  id: 'alerts.escalate',
                  title: 'Page the next level now',
                  group: 'Alerts',
                  keys: 'p',
                  words: 'escalate help',
                  run: () => escalate(single),
                },
              ]
            : []),
          ...(acknowledged
            ? [
                {
                  id: 'alerts.unacknowledge',
                  title: 'Take the acknowledgement back',
                  group: 'Alerts',
                  run: () => act('unacknowledge'),
                },
              ]
            : []),
          ...(open
            ? [
                {
                  id: 'alerts.noise',
                  title: firing ? 'Acknowledge as noise' : 'Resolve as noise',
                  group: 'Alerts',
                  words: 'rate useless not actionable',
                  run: () => act(firing ? 'acknowledge' : 'resolve', undefined, false),
                },
                { id: 'alerts.snooze', title: 'Snooze…', group: 'Alerts', keys: 's', run: () => setSnoozing(true) },
                { id: 'alerts.resolve', title: 'Resolve', group: 'Alerts', keys: 'R', run: () => act('resolve') },
              ]
            : []),
        ],
  )
  const problem = failed === null ? null : <ProblemNote error={failed.error} retry={failed.again} />
  if (!may || targets.length === 0) return { buttons: null, problem }
  return {
    problem,
    buttons: (
      <>
        {firing && (
          <Button onClick={() => act('acknowledge')} rightSection={<kbd>a</kbd>}>
            Acknowledge
          </Button>
        )}
        {open && (
          <Menu
            open={snoozing}
            onOpen={setSnoozing}
            up={up}
            items={snoozes.map((each) => ({ title: each.title, run: () => act('snooze', each.ms) }))}
            button={(tie) => (
              <Button variant="default" rightSection={<kbd>s</kbd>} {...tie}>
                Snooze
              </Button>
            )}
          />
        )}
        {open && (
          <Button variant="default" onClick={() => act('resolve')} rightSection={<kbd>⇧ r</kbd>}>
            Resolve
          </Button>
        )}
        <Menu
          open={rating}
          onOpen={setRating}
          up={up}
          items={worth}
          button={(tie) => (
            <Button variant="default" {...tie}>
              Worth it?
            </Button>
          )}
        />
      </>
    ),
  }
}
