// What is odd about a metric, what it costs, and the way out, for people.
import { type LintFinding, manySeries, mostMetrics } from './core/usage/index.ts'

export function lintSentence({ code, about, example }: LintFinding): string {
  switch (code) {
    case 'no-service-name':
      return 'The sender does not say which service it is. Set OTEL_SERVICE_NAME.'
    case 'old-metric':
      return `The name is from before the semantic conventions were stable; it is ${example} now. Upgrade the instrumentation.`
    case 'old-attribute':
      return `The attribute ${about} is called ${example} now. Upgrade the instrumentation.`
    case 'unit':
      return `The metric counts in ${about}; durations are in seconds by convention (${example}).`
    case 'no-unit':
      return 'The metric does not say its unit. Say it where the instrument is made.'
    case 'default-edges':
      return `The buckets begin ${example}: they are meant for milliseconds and the values are seconds, so nearly all fall into one. Use the edges that the conventions advise, or exponential histograms.`
    case 'no-status':
      return 'No point says how its request ended, so errors cannot be counted. Add http.response.status_code.'
    case 'unbounded-attribute':
      return `The attribute ${about} takes a new value for each request or person (${example}). Each value is a series that is paid for: take it out, or use the route instead.`
    case 'many-series':
      return `About ${example} series in one day; more than ${manySeries} of one metric are seldom looked at. Drop attributes.`
    case 'too-many-metrics':
      return `The service sends more than ${mostMetrics} metrics; ${example} and others are counted together.`
  }
}
