// Keeping and removing belongs to no room: each says what of its own goes, this joins them and shows what was done.
import { Gauge, type Registry } from 'prom-client'
import { AppError } from '../../kernel/app-error.ts'
import { hour } from '../../kernel/duration.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { route } from '../../platform/http/operation.ts'
import { cutoff } from '../../platform/retention/keep-rule.ts'
import {
  findRound,
  type HoldRow,
  insertHold,
  liftHold,
  listHolds,
  lockRound,
} from '../../platform/retention/retention.store.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { bindJob } from '../../platform/work/job.ts'
import { settingOf } from '../join/retention.ts'
import { removeOld } from './remove-old.ts'
import {
  holdLifted,
  holdPlaced,
  liftHold as liftHoldOperation,
  listHoldsOperation,
  placeHold,
  readRetention,
  removeOldJob,
  retentionErrors,
  retentionFinished,
} from './retention.contract.ts'
import type { RetentionPorts } from './retention.ports.ts'

export function retentionRoom(needs: Needs, ports: RetentionPorts, registry: Registry): Room {
  retentionMetrics(needs, registry)
  return {
    name: 'retention',
    operations: [
      route(readRetention, async () => read(needs, ports)),
      route(listHoldsOperation, async () => ({ items: (await listHolds(needs.database)).map(present) })),
      route(placeHold, async ({ body, actor }) =>
        needs.database.transaction(async (tx) => {
          // A removal under way ends first; the next one waits for this commit.
          await lockRound(tx)
          const { about, label } = await findHeld(tx, ports, body)
          const hold = await insertHold(tx, {
            id: needs.newId(),
            kind: body.kind,
            about,
            label,
            reason: body.reason,
            placedBy: actor.name,
          })
          if (hold === null) throw new AppError('conflict', 'retention.held', 'A hold on the same is in force already.')
          await needs.journal.publish(tx, holdPlaced, { actor, ...entry(hold), reason: body.reason })
          return present(hold)
        }),
      ),
      route(liftHoldOperation, async ({ params, body, actor }) =>
        needs.database.transaction(async (tx) => {
          const hold = await liftHold(tx, params.id, actor.name)
          if (hold === null)
            throw new AppError(
              'not-found',
              'retention.no-hold',
              'No such hold is in force: it was lifted, or never was.',
            )
          await needs.journal.publish(tx, holdLifted, { actor, ...entry(hold), reason: body.reason })
          return present(hold)
        }),
      ),
    ],
    jobs: [
      bindJob(removeOldJob, async () => {
        await removeOld(needs, ports)
      }),
    ],
    recurring: [{ job: removeOldJob, everyMs: hour }],
    events: [retentionFinished, holdPlaced, holdLifted],
    errors: retentionErrors,
  }
}

async function findHeld(
  tx: Tx,
  ports: RetentionPorts,
  { kind, name }: { readonly kind: HoldRow['kind']; readonly name?: string },
): Promise<{ readonly about: string; readonly label: string }> {
  if (kind === 'everything') return { about: '', label: '' }
  const found = name === undefined ? null : await ports.find(tx, kind, name.trim())
  if (found === null)
    throw new AppError(
      'invalid',
      'retention.unknown',
      `There is no ${kind} ${name ?? 'without a name'}, and never was.`,
      {
        faults: [{ pointer: '/name', detail: `Name the ${kind} that is held.` }],
      },
    )
  return found
}

async function read(needs: Needs, ports: RetentionPorts) {
  const [round, holds, now] = await Promise.all([
    findRound(needs.database),
    listHolds(needs.database),
    needs.database.now(),
  ])
  const running = round.startedAt !== null && round.finishedAt === null
  const shown = running ? round.progress : (round.last ?? {})
  return {
    rows: ports.rules().map((rule) => {
      const before = cutoff(rule, ports.keeps, now)
      return {
        name: rule.name,
        summary: rule.summary,
        days: before === null ? null : Math.round((now - before) / (24 * hour)),
        setting: typeof rule.keep === 'number' ? null : settingOf[rule.keep],
        removed: shown[rule.name]?.removed ?? 0,
        heldBack: shown[rule.name]?.heldBack ?? 0,
      }
    }),
    startedAt: round.startedAt === null ? null : formatInstant(round.startedAt),
    finishedAt: round.finishedAt === null ? null : formatInstant(round.finishedAt),
    running,
    held: holds.some((each) => each.kind === 'everything'),
  }
}

function present({ id, kind, label, reason, placedBy, placedAt }: HoldRow) {
  return { id, kind, name: label, reason, placedBy, placedAt: formatInstant(placedAt) }
}

function entry({ id, kind, about, label }: HoldRow) {
  const links = kind === 'everything' ? [] : [{ kind, id: about }]
  return { subject: { kind: 'hold', id }, links, data: { kind, name: label } }
}

function retentionMetrics(needs: Needs, registry: Registry): void {
  if (registry.getSingleMetric('mainstay_retention_removed') !== undefined) return
  const round = () => findRound(needs.database).catch(() => null)
  new Gauge({
    name: 'mainstay_retention_removed',
    help: 'Rows the last finished round removed, by rule.',
    labelNames: ['rule'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const [rule, { removed }] of Object.entries((await round())?.last ?? {})) this.set({ rule }, removed)
    },
  })
  new Gauge({
    name: 'mainstay_retention_held_back',
    help: 'Old rows the last finished round kept because something refers to them, by rule.',
    labelNames: ['rule'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const [rule, { heldBack }] of Object.entries((await round())?.last ?? {})) this.set({ rule }, heldBack)
    },
  })
  new Gauge({
    name: 'mainstay_retention_round_started_timestamp_seconds',
    help: 'When the round under way began, or the last one; 0 before the first. More than two days ago: it finds no quiet moment.',
    registers: [registry],
    async collect() {
      this.set(((await round())?.startedAt ?? 0) / 1000)
    },
  })
}
