// Who declares objectives in the tests of this room, and what can be declared.
import type { Actor } from '../../kernel/actor.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'
import type { CatalogPorts } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { openSloKinds } from './kinds/openslo-kinds.ts'

export const admin: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] }

/** The catalog's kinds, OpenSLO's, and these. Everybody may change everything. */
export const catalogOf = (
  kinds: readonly ResourceKind[] = [],
  translators: CatalogPorts['translators'] = [],
): CatalogPorts => ({
  kinds: () => [...catalogKinds, ...openSloKinds, ...kinds],
  translators,
  mayChange: () => undefined,
})
