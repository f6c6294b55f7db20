// The kinds of this room where the house is at hand: what a schedule or policy does to people is said before it is
// saved, and who was on call is written down before the definition changes.
import type { Fault } from '../../../kernel/app-error.ts'
import { plus } from '../../../kernel/instant.ts'
import type { ResourceKind } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { canBePaged } from '../../notifications/core/index.ts'
import { type LintCode, summarizeFindings } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { listOverrides, toOverride } from '../overrides.store.ts'
import { keepHistory } from '../usecases/keep-history.ts'
import { lintAheadMs, lintDocument } from '../usecases/lint-schedule.ts'
import { loadTeamPeople } from '../usecases/load-directory.ts'
import { oncallKinds } from './kinds.ts'
import { readPolicy, readSchedule } from './read-spec.ts'

type Ports = Pick<OncallPorts, 'notifier'>

export function watchedKinds(needs: Pick<Needs, 'log'>, ports: Ports): readonly ResourceKind[] {
  return oncallKinds.map((kind) =>
    kind.kind === 'Schedule'
      ? watchSchedule(kind, needs, ports)
      : kind.kind === 'EscalationPolicy'
        ? watchPolicy(kind, ports)
        : kind,
  )
}

const placeOf: Readonly<Partial<Record<LintCode, string>>> = { holiday: '/spec/holidays', 'clock-change': '/spec/zone' }

function watchSchedule(kind: ResourceKind, needs: Pick<Needs, 'log'>, ports: Ports): ResourceKind {
  return {
    ...kind,
    check: async (tx, document) => {
      const now = await tx.now()
      const overrides = await listOverrides(tx, [document.metadata.name], now, plus(now, lintAheadMs))
      const schedule = readSchedule(document, overrides.map(toOverride))
      const findings = await lintDocument(tx, needs, ports, document, schedule)
      const warnings = summarizeFindings(findings).map(
        ({ code, sentence }): Fault => ({ pointer: placeOf[code] ?? '/spec/rotations', detail: sentence }),
      )
      return { faults: [], warnings }
    },
    saved: (tx, { before, after }) => keepHistory(tx, after.metadata.name, before),
    removed: (tx, document) => keepHistory(tx, document.metadata.name, document),
  }
}

/** Found now, not in the night: people whom the policy names and no page would reach. */
function watchPolicy(kind: ResourceKind, { notifier }: Ports): ResourceKind {
  return {
    ...kind,
    check: async (tx, document) => {
      const { levels, fallbackOwner } = readPolicy(document)
      const named = levels.flatMap(({ targets }, level) =>
        targets.flatMap((target, which) =>
          target.kind === 'person' ? [{ person: target.person, pointer: `/spec/levels/${level}/notify/${which}` }] : [],
        ),
      )
      const teams = await loadTeamPeople(
        tx,
        levels.flatMap(({ targets }) => targets.flatMap((each) => (each.kind === 'team' ? [each.team] : []))),
      )
      if (fallbackOwner !== null) named.push({ person: fallbackOwner, pointer: '/spec/fallbackOwner' })
      const reach = await notifier.reachOf(tx, [...named.map((each) => each.person), ...[...teams.values()].flat()])
      const reaches = (person: string) => canBePaged(reach.get(person)?.contacts ?? [])
      const silent = levels.flatMap(({ targets }, level) =>
        targets.flatMap((target, which) =>
          // One that is declared together with the policy is not there yet.
          target.kind === 'team' && teams.get(target.team)?.some(reaches) === false
            ? [
                {
                  pointer: `/spec/levels/${level}/notify/${which}`,
                  detail: `Nobody in team ${target.team} has a verified contact: a page to it would reach nobody.`,
                },
              ]
            : [],
        ),
      )
      const warnings = named.flatMap(({ person, pointer }) =>
        reaches(person)
          ? []
          : [{ pointer, detail: `${person} has no verified contact: a page to them would reach nobody.` }],
      )
      return { faults: [], warnings: [...warnings, ...silent] }
    },
  }
}
