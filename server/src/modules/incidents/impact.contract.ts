// Who was hurt, beside services and times.
import { Type } from 'typebox'
import { Nullable, Text } from '../../platform/http/schemas.ts'

export const WhoWasHurt = {
  people: Nullable(Type.Integer({ description: 'Null: nobody counted them.' })),
  regions: Type.Array(Type.String()),
  customers: Type.Array(Type.String()),
  byTier: Type.Array(
    Type.Object({
      tier: Nullable(Type.Integer({ description: 'Null: of services the catalog does not know any more.' })),
      minutes: Type.Number({ description: 'Minutes in common count once within a tier.' }),
    }),
    { description: 'The most important first.' },
  ),
}
/** What is left out stays as it was stated. */
export const StatedHurt = {
  people: Type.Optional(
    Nullable(
      Type.Integer({ minimum: 0, maximum: 100_000_000_000, description: 'Left out it stays; null: not known.' }),
    ),
  ),
  regions: Type.Optional(Type.Array(Text(100), { maxItems: 50, description: 'Left out they stay.' })),
  customers: Type.Optional(Type.Array(Text(200), { maxItems: 200, description: 'Left out they stay.' })),
}
