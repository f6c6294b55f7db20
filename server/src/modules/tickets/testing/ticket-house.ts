// A house with tickets at trackers on loopback, for tests.
import { afterEach, expect } from 'vitest'
import { openWorld, type World } from '../../../../test/world.ts'
import { createEgress, schemes } from '../../../platform/egress/index.ts'
import type { TicketConnectionReply, TicketReply } from '../tickets.contract.ts'
import { type GithubStand, startGithub } from './github-stand.ts'
import type { Stand } from './tracker-stand.ts'

const stands: Stand[] = []
afterEach(async () => {
  for (const stand of stands.splice(0)) await stand.close()
})
export const kept = <S extends Stand>(stand: S): S => {
  stands.push(stand)
  return stand
}

const loopback = { cidr: '127.0.0.1/32', ports: 'any', schemes } as const
export async function openHouse(name: string): Promise<World> {
  const world = await openWorld({
    name,
    outside: () => ({
      egress: createEgress({
        // Its breaker goes by real time, which stands still here.
        policies: (connector) => ({ connector, allow: [loopback], breaker: false }),
        guard: { ownPorts: () => [], endpoints: () => [] },
      }),
    }),
  })
  await world.signIn('ana')
  return world
}

export const hookSecret = 'a-secret-of-the-hook'
export async function withGithub(name: string): Promise<{ world: World; github: GithubStand }> {
  const github = kept(await startGithub())
  const world = await openHouse(name)
  await connect(world, 'code', {
    tracker: 'github',
    url: github.url,
    project: 'shop/checkout',
    token: github.token,
    hookSecret,
  })
  return { world, github }
}

export const connect = (world: World, name: string, body: object) =>
  world.as('admin')<TicketConnectionReply>(`PUT /api/v1/ticket-connections/${name}`, body)
export async function declare(world: World, more: object = {}): Promise<string> {
  const body = { title: 'Payments fail', severity: 'SEV2', services: ['checkout'], ...more }
  const { id } = await (await world.signIn('ana'))<{ id: string }>('POST /api/v1/incidents', body)
  return id
}
export const openFor = (world: World, id: string, kind = 'incident', connection = 'code') =>
  world.as('responder')<TicketReply>('POST /api/v1/tickets', { connection, about: { kind, id } })
export async function ticketsOf(world: World, incident: string): Promise<readonly TicketReply[]> {
  await world.worker.drain()
  return (await world.as('admin')<{ items: TicketReply[] }>(`GET /api/v1/tickets?incident=${incident}`)).items
}
export async function ticketOf(world: World, incident: string): Promise<TicketReply> {
  const [ticket, ...more] = await ticketsOf(world, incident)
  expect(more).toEqual([])
  if (ticket === undefined) throw new Error('There is no ticket.')
  return ticket
}
export const moveTo = (world: World, id: string, to: string) =>
  world.as('admin')(`POST /api/v1/incidents/${id}/transition`, { to, note: 'As seen.' })
export const statusOf = async (world: World, id: string) =>
  (await world.as('admin')<{ status: string }>(`GET /api/v1/incidents/${id}`)).status
export async function hook(
  world: World,
  { headers, payload }: { headers: Record<string, string>; payload: string },
  name = 'code',
) {
  return world.ask('POST', `/api/v1/tickets/hooks/${name}`, { headers, payload })
}
export const timeline = async (world: World, id: string) =>
  (
    await world.as('admin')<{ items: { type: string; sentence: string }[] }>(`GET /api/v1/incidents/${id}/timeline`)
  ).items.filter((each) => each.type.startsWith('ticket.'))

export async function actionOf(world: World, incident: string, more: object = {}): Promise<string> {
  const postmortem = await world.as('admin')<{ id: string }>('POST /api/v1/postmortems', { incident })
  const body = {
    title: 'Try each release first',
    kind: 'prevent',
    owner: 'ben',
    dueAt: '2026-04-01T00:00:00Z',
    ...more,
  }
  const { id } = await world.as('admin')<{ id: string }>(`POST /api/v1/postmortems/${postmortem.id}/actions`, body)
  return id
}
