// Which alerts are one problem: what people said, and what counts of it for the next time.
import type { LearntPair, Regrouping } from '../../../../client/src/index.ts'
import { client } from '../../shell/http.ts'

export type { LearntPair, Regrouping }

type Signal = AbortSignal

export const regrouping = {
  list: (id: string, signal: Signal) => client['incidents.regroupings']({ params: { id }, signal }),
  split: (id: string, body: { alerts: string[]; reason: string; title?: string; learn: boolean }) =>
    client['incidents.split']({ params: { id }, body }),
  undo: (id: string, one: string, reason: string) =>
    client['incidents.undo-regrouping']({ params: { id, regrouping: one }, body: { reason } }),
  pairs: (signal: Signal) => client['correlation.pairs']({ signal }),
  forget: (id: string, reason: string) => client['correlation.forget-pair']({ params: { id }, body: { reason } }),
}
