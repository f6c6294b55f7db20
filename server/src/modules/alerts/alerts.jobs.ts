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
import { endSilencesWith } from './usecases/end-silences.ts'
import { flushDue, repeatOne } from './usecases/flush-groups.ts'
import { followBudgetAlert, followGroupBurning, followGroupRecovered } from './usecases/follow-budgets.ts'
import { followBurning, followRecovered, followUnmeasured } from './usecases/follow-objectives.ts'
import { regroup } from './usecases/regroup-pages.ts'
import { sweep } from './usecases/sweep.ts'
import { tellDue } from './usecases/tell-alerts.ts'

// Whoever joins one of them waits for all: some ten milliseconds.
const pagesAtOnce = 40
const tellsAtOnce = 100

export function alertsJobs(needs: Needs, ports: AlertsPorts): readonly BoundJob[] {
  return [
    // One at a time in a process: what is asked for meanwhile is one run after it.
    bindTogether(tellAlerts, { atOnce: tellsAtOnce, handle: () => tellDue(needs, ports) }),
    bindJob(sweepAlertsJob, () => sweep(needs, ports)),
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
