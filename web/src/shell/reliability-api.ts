// What the product was put through before it was handed out; beside api.ts, which holds the others.
import type { Proof, Reliability } from '../../../client/src/index.ts'
import { client } from './http.ts'

export type { Proof, Reliability }

export const readReliability = (signal: AbortSignal): Promise<Reliability> => client['reliability.read']({ signal })
