import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { personCreated } from '../identity/index.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { welcomePerson } from './usecases/welcome-person.ts'

export function catalogSubscriptions(needs: Needs, ports: CatalogPorts): readonly Subscription[] {
  return [
    subscribe(personCreated, 'catalog.welcome-person', async ({ data }) => {
      const { email, name } = data
      if (typeof email === 'string')
        await welcomePerson(needs, ports, { email, name: typeof name === 'string' ? name : '' })
    }),
  ]
}
