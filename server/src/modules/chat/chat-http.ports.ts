// What a request to a chat that failed on its way says about what was asked for.
import type { ChannelOutcome } from '../notifications/index.ts'
import type { ChatOutcome } from './chat.ports.ts'

export function outcomeOfFailure(outcome: ChannelOutcome): ChatOutcome<never> {
  switch (outcome.kind) {
    case 'accepted':
    case 'lost':
      return { kind: 'lost', because: 'because' in outcome ? outcome.because : '' }
    case 'refused':
      return { kind: 'wait', because: outcome.because, afterMs: outcome.retryAfterMs ?? null }
    case 'rejected':
      return { kind: 'wait', because: outcome.because, afterMs: null }
  }
}
