import { AppError } from '../../kernel/app-error.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, bindTogether, type Recurring } from '../../platform/work/job.ts'
import { changeRecorded } from '../changes/index.ts'
import { escalationResumed, peopleReached } from '../oncall/index.ts'
import {
  budgetAlertBegan,
  budgetAlertEnded,
  groupBurning,
  groupRecovered,
  objectiveBurning,
  objectiveMeasured,
  objectiveRecovered,
  objectiveUnmeasured,
} from '../slo/index.ts'
import { flushGroups, regroupPages, repeatPage, sweepAlerts as sweepAlertsJob, tellAlerts } from './alerts.contract.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { noteReached, noteResumed } from './usecases/answer-alert.ts'
import { endByRate, endByTickets, endSilencesWith, remindOfEnds } from './usecases/end-silences.ts'
import { flushDue, repeatOne } from './usecases/flush-groups.ts'
import { followBudgetAlert, followGroupBurning, followGroupRecovered } from './usecases/follow-budgets.ts'
import { followBurning, followRecovered, followUnmeasured } from './usecases/follow-objectives.ts'
import { regroup } from './usecases/regroup-pages.ts'
import { sweepRouted } from './usecases/route-alerts.ts'
import { sweepAlerts, sweepSilences } from './usecases/sweep-alerts.ts'
import { tellDue } from './usecases/tell-alerts.ts'

// Whoever joins one of them waits for all: some ten milliseconds.
const pagesAtOnce = 40
const tellsAtOnce = 100

export function alertsJobs(needs: Needs, ports: AlertsPorts): readonly BoundJob[] {
  return [
    // One at a time in a process: what is asked for meanwhile is one run after it.
    bindTogether(tellAlerts, { atOnce: tellsAtOnce, handle: () => tellDue(needs, ports) }),
    bindJob(sweepAlertsJob, async () => {
      // What a process that is gone has left.
      await tellDue(needs, ports)
      await apart(needs, 'Silences that end by their rate', () => endByRate(needs, ports))
      await apart(needs, 'Silences that end with their ticket', () => endByTickets(needs, ports))
      await sweepSilences(needs, ports)
      await apart(needs, 'Reminders of silences', () => remindOfEnds(needs, ports))
      await sweepRouted(needs, ports)
      await flushDue(needs, ports)
      // A full batch means there may be more; ten rounds keep one run well inside its lease.
      for (let round = 0; round < 10; round += 1) if ((await sweepAlerts(needs, ports)) < 100) return
    }),
    bindJob(flushGroups, () => flushDue(needs, ports)),
    bindJob(repeatPage, ({ alert }) => repeatOne(needs, ports, alert)),
    bindTogether(regroupPages, {
      atOnce: pagesAtOnce,
      handle: (payloads) =>
        regroup(
          needs,
          ports,
          payloads.map(({ group }) => group),
        ),
    }),
  ]
}

/** What fails here keeps nobody else from being heard; it comes again with the next sweep. */
async function apart(needs: Needs, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable') throw error
    needs.log.error(`${what} failed; the sweep goes on without them.`, { error })
  }
}

export function alertsSubscriptions(needs: Needs, ports: AlertsPorts): readonly Subscription[] {
  return [
    subscribe(changeRecorded, 'alerts.end-silences', async ({ data: { service, summary, at } }) => {
      const because = `${service} was changed: ${summary}`
      await endSilencesWith(needs, ports, { kind: 'change', of: service, at: parseInstant(at) ?? 0, because })
    }),
    subscribe(escalationResumed, 'alerts.follow-pages', ({ data }) => noteResumed(needs, ports, data.alert), {
      lane: 'notify',
    }),
    subscribe(peopleReached, 'alerts.follow-people', ({ data }) => noteReached(needs, data.alert), {
      lane: 'notify',
    }),
    // In the lane of pages: a burning budget is what people are woken for.
    subscribe(objectiveBurning, 'alerts.follow-objectives', ({ data }) => followBurning(needs, ports, data), {
      lane: 'page',
    }),
    subscribe(objectiveRecovered, 'alerts.follow-objectives', ({ data }) => followRecovered(needs, ports, data), {
      lane: 'page',
    }),
    subscribe(groupBurning, 'alerts.follow-groups', ({ data }) => followGroupBurning(needs, ports, data), {
      lane: 'page',
    }),
    subscribe(groupRecovered, 'alerts.follow-groups', ({ data }) => followGroupRecovered(needs, ports, data), {
      lane: 'page',
    }),
    subscribe(budgetAlertBegan, 'alerts.follow-budgets', ({ data }) => followBudgetAlert(needs, ports, data, false), {
      lane: 'notify',
    }),
    subscribe(budgetAlertEnded, 'alerts.follow-budgets', ({ data }) => followBudgetAlert(needs, ports, data, true), {
      lane: 'notify',
    }),
    subscribe(
      objectiveUnmeasured,
      'alerts.follow-objectives',
      ({ data }) => followUnmeasured(needs, ports, data, false),
      { lane: 'page' },
    ),
    subscribe(objectiveMeasured, 'alerts.follow-objectives', ({ data }) => followUnmeasured(needs, ports, data, true), {
      lane: 'page',
    }),
  ]
}

export const alertsRecurring: readonly Recurring[] = [{ job: sweepAlertsJob, everyMs: 5_000 }]
