// Structured logs: one JSON object a line on stderr, secrets redacted by name, request and trace ids carried along.
import pino from 'pino'

export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(sentence: string, fields?: LogFields): void
  info(sentence: string, fields?: LogFields): void
  warn(sentence: string, fields?: LogFields): void
  error(sentence: string, fields?: LogFields): void
  /** A log that adds these fields to every line. */
  with(fields: LogFields): Log
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const secretNames = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'set-cookie'].flatMap((name) => [
  name,
  `*.${name}`,
])

export function createLog(level: LogLevel, fields: LogFields = {}): Log {
  const destination = pino.destination({ dest: 2, sync: true })
  const root = pino(
    {
      level,
      base: fields,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretNames, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  return over(root)
}

function over(target: pino.Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (sentence: string, fields?: LogFields) =>
    target[level](describe(fields), sentence)
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => over(target.child(fields)),
  }
}

// An Error prints as {} in JSON; its message and stack are what one needs at 03:00.
function describe(fields: LogFields = {}): LogFields {
  const described: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    described[name] =
      value instanceof Error
        ? {
            name: value.name,
            message: value.message,
            stack: value.stack,
            ...('code' in value ? { code: value.code } : {}),
          }
        : value
  }
  return described
}

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
}
