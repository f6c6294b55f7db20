import { hour, minute } from '../../kernel/duration.ts'
import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { personMissed } from '../notifications/index.ts'
import {
  auditEscalations as auditJob,
  escalate,
  keepHistory as keepJob,
  pageUnheard as pageUnheardJob,
  tellHandOvers as tellJob,
} from './oncall.contract.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { auditEscalations } from './usecases/audit-escalations.ts'
import { escalateDue } from './usecases/escalate-due.ts'
import { keepEveryHistory } from './usecases/keep-history.ts'
import { pageUnheard, rememberMissed } from './usecases/page-unheard.ts'
import { tellHandOvers } from './usecases/tell-hand-overs.ts'

export function oncallJobs(needs: Needs, ports: OncallPorts): readonly BoundJob[] {
  return [
    bindJob(escalate, ({ escalation }) => escalateDue(needs, ports, escalation)),
    bindJob(pageUnheardJob, ({ escalation }) => pageUnheard(needs, ports, escalation)),
    bindJob(auditJob, async () => {
      await auditEscalations(needs)
    }),
    bindJob(keepJob, () => keepEveryHistory(needs)),
    bindJob(tellJob, () => tellHandOvers(needs, ports)),
  ]
}

export const oncallRecurring: readonly Recurring[] = [
  { job: auditJob, everyMs: minute },
  { job: keepJob, everyMs: hour },
  { job: tellJob, everyMs: minute },
]

export function oncallSubscriptions(needs: Needs): readonly Subscription[] {
  return [subscribe(personMissed, 'oncall', ({ data }) => rememberMissed(needs, data.alert), { lane: 'page' })]
}
