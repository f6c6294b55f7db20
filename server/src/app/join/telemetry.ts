// Telemetry's way out and in: servers it reads from, what proves who asks, and the port for OTLP over gRPC.
import { setTimeout as pause } from 'node:timers/promises'
import { listenForMetrics } from '../../integrations/otlp-grpc/metrics-listener.ts'
import { createObserver } from '../../integrations/probing/observe.ts'
import { queryRange } from '../../integrations/prometheus/range-query.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { readStandings } from '../../modules/slo/index.ts'
import type { TelemetryPorts } from '../../modules/telemetry/index.ts'
import { samplePrice } from '../../platform/config/settings.ts'
import { type RateLimits, takeToken } from '../../platform/http/rate-limit.ts'
import type { Gatekeeper } from '../../platform/http/server.ts'
import type { Outside } from '../outside.ts'

export function telemetryPortsOf(
  { config, egress }: Outside,
  gate: Gatekeeper,
  rateLimits: RateLimits,
): TelemetryPorts {
  const port = config.get('MAINSTAY_OTLP_GRPC_PORT')
  const takes = config.need('MAINSTAY_ROLES').split(',').includes('api')
  const at = { host: config.need('MAINSTAY_HOST'), port: Number(port) }
  return {
    egress,
    queryRange,
    observe: createObserver(egress),
    pause: (ms) => pause(ms),
    standingsOf: readStandings,
    minutesKeptMs: Number(config.need('MAINSTAY_KEEP_COUNT_MINUTES_DAYS')) * day,
    samplePrice: priceOf(config.get('MAINSTAY_SAMPLE_PRICE')),
    secret: (name, url) => config.secrets.for(name, url),
    listenGrpc: port === null || !takes ? null : (receive) => listenForMetrics(at, receive),
    admitToken: async ({ token, address }, operationId) => {
      const actor = await gate.authenticate({ token, session: null, address })
      takeToken(rateLimits, actor === null ? `address:${address}` : `${actor.kind}:${actor.id}`, operationId)
      if (actor === null)
        throw new AppError('forbidden', 'http.unauthenticated', 'Send an API key as `authorization: Bearer …`.')
      gate.authorize(actor, operationId, null)
    },
  }
}

function priceOf(text: string | null): NonNullable<TelemetryPorts['samplePrice']> | null {
  const [, amount = '', currency = ''] = samplePrice.exec(text ?? '') ?? []
  return amount === '' ? null : { perMillion: Number(amount), currency }
}
