// What leaves of the proofs: which promises were measured, how often, with what result, and how to repeat it.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { proofNames } from './report.ts'

export const Proof = Type.Object(
  {
    proof: Words(proofNames),
    promise: Type.String(),
    holds: Type.Boolean({ description: 'Every figure is within the limit that the promise names.' }),
    done: Type.Integer({ description: 'How much of the whole proof was run.' }),
    goal: Type.Integer(),
    unit: Type.String({ description: 'What `done` and `goal` count.' }),
    figures: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
    firstRanAt: Time,
    lastRanAt: Time,
    versions: Type.Array(Type.String(), { description: 'The builds it ran on.' }),
    machines: Type.Array(Type.String(), { description: 'What it ran on.' }),
    seconds: Type.Integer({ description: 'How long it took in all.' }),
    command: Type.String({ description: 'Repeats it, in a copy of the source.' }),
  },
  { title: 'Proof' },
)

export const readReliability = operation({
  id: 'reliability.read',
  method: 'GET',
  path: '/api/v1/reliability',
  summary: 'What was proven about paging, when, on which version, and how to repeat it',
  description: 'From the report that came with the build. Nothing of it was measured on this installation.',
  reply: Type.Object(
    {
      version: Type.String({ description: 'Of the process that answers.' }),
      report: Nullable(
        Type.Object({
          proofs: Type.Array(Proof, { description: 'Of promises that were never run there is no row.' }),
        }),
      ),
    },
    { title: 'Reliability' },
  ),
})
