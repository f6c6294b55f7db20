// Every command, in the order help shows them.
import type { Command } from '../line/command.ts'
import { evidenceCommands } from './evidence/evidence.table.ts'
import { learnCommands } from './learning/learn.table.ts'
import { objectCommands } from './objects/objects.table.ts'
import { agreementCommands } from './reliability/agreements.table.ts'
import { anomalyCommands } from './reliability/anomalies.table.ts'
import { exchangeCommands } from './reliability/exchange.table.ts'
import { maintenanceCommands } from './reliability/maintenance.table.ts'
import { policyCommands } from './reliability/policies.table.ts'
import { reliabilityCommands } from './reliability/reliability.table.ts'
import { reviewCommands } from './reliability/reviews.table.ts'
import { signalCommands } from './reliability/signals.table.ts'
import { chatCommands } from './respond/chat.table.ts'
import { commentCommands } from './respond/comments.table.ts'
import { intakeCommands } from './respond/intake.table.ts'
import { leadCommands } from './respond/lead.table.ts'
import { learningCommands } from './respond/learning.table.ts'
import { respondCommands } from './respond/respond.table.ts'
import { roomCommands } from './respond/room.table.ts'
import { ruleCommands } from './respond/rules.table.ts'
import { ticketCommands } from './respond/tickets.table.ts'
import { webhookCommands } from './respond/webhooks.table.ts'
import { workflowCommands } from './respond/workflows.table.ts'
import { runCommands } from './run/run.table.ts'
import { setupCommands } from './setup/setup.table.ts'

export const commands: readonly Command[] = [
  ...runCommands,
  ...objectCommands,
  ...respondCommands,
  ...roomCommands,
  ...ruleCommands,
  ...chatCommands,
  ...intakeCommands,
  ...learningCommands,
  ...learnCommands,
  ...leadCommands,
  ...commentCommands,
  ...ticketCommands,
  ...workflowCommands,
  ...webhookCommands,
  ...reliabilityCommands,
  ...signalCommands,
  ...anomalyCommands,
  ...maintenanceCommands,
  ...agreementCommands,
  ...policyCommands,
  ...reviewCommands,
  ...exchangeCommands,
  ...evidenceCommands,
  ...setupCommands,
]
