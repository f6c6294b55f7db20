// Views of lists that a person saved: what leaves the room.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Text, Words } from '../../platform/http/schemas.ts'
import { longestViewName } from './core/index.ts'

const List = Words(['incidents', 'alerts'] as const)
const ViewName = Text(longestViewName)
const View = Type.Object(
  {
    name: Type.String(),
    query: Type.String({ description: 'What follows the question mark: `severity=SEV1&service=payment`.' }),
  },
  { title: 'SavedView' },
)
const Views = Type.Object(
  { views: Type.Array(View, { description: 'A dozen at most, in the order in which they were saved.' }) },
  { title: 'SavedViews' },
)
const params = Type.Object({ list: List })

export const listViews = operation({
  id: 'identity.views',
  method: 'GET',
  path: '/api/v1/me/views/{list}',
  summary: 'My saved views of a list',
  params,
  reply: Views,
  errors: ['identity.unknown-person'],
})
export const saveView = operation({
  id: 'identity.save-view',
  method: 'POST',
  path: '/api/v1/me/views/{list}',
  summary: 'Save a view; one of the same name or the same query gives way',
  params,
  body: Type.Object({ name: ViewName, query: Type.String({ minLength: 1, maxLength: 1_000 }) }),
  reply: Views,
  errors: ['identity.unknown-person'],
})
export const forgetView = operation({
  id: 'identity.forget-view',
  method: 'DELETE',
  path: '/api/v1/me/views/{list}',
  summary: 'Forget a view; one that is not there is forgotten already',
  params,
  query: Type.Object({ name: ViewName }),
  reply: Views,
  errors: ['identity.unknown-person'],
})
